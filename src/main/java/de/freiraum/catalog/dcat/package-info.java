/**
 * The catalogue as RDF, in the terms of DCAT-AP 3 and DCAT-AP.de 3, in Turtle, RDF/XML and JSON-LD. Pure: the same catalogue always gives the same
 * bytes. Everything that is not a blank node's detail has an address that stays.
 */
@NullMarked
package de.freiraum.catalog.dcat;

import org.jspecify.annotations.NullMarked;
