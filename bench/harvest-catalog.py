#!/usr/bin/env python3
"""Reads a catalogue as CKAN's harvester does: HEAD, GET without a preference, the parser chosen by the Content-Type, on to the next page.

    python3 -m venv ckan && ckan/bin/pip install 'ckan[requirements]==2.11.*' ckanext-dcat ckanext-harvest
    ckan/bin/python bench/harvest-catalog.py http://localhost:1026/catalog

Prints every dataset and the number of its resources. Ends with 1 if a page is not readable, a dataset lacks what a portal needs, or a page
describes other datasets than the parser finds. Only the parser is CKAN's; no CKAN, database or search server is needed.
"""

import sys
import urllib.request

from ckan.common import config

config["ckan.site_url"] = "http://localhost"

import rdflib  # noqa: E402
from ckanext.dcat.processors import RDFParser  # noqa: E402

LIMIT = 50 * 1024 * 1024
NEEDED = ("uri", "publisher_name", "contact_name", "modified", "frequency", "theme", "access_rights")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


def open_url(url, method):
    return urllib.request.urlopen(urllib.request.Request(url, method=method, headers={"Accept": "*/*"}), timeout=60)


def fetch(url):
    with open_url(url, "HEAD") as head:
        assert head.status == 200, f"HEAD {url}: {head.status}"
        length = head.headers.get("Content-Length")
    with open_url(url, "GET") as answer:
        body = answer.read()
        assert len(body) <= LIMIT, f"{url} is larger than a harvester takes"
        assert length is None or int(length) == len(body), f"{url}: HEAD says {length} bytes, GET gives {len(body)}"
        return body.decode("utf-8"), answer.headers.get_content_type()


def extras(dataset):
    return {extra["key"]: extra["value"] for extra in dataset.get("extras", [])} | dataset


def missing(dataset):
    known = extras(dataset)
    lacking = [name for name in NEEDED if not known.get(name)]
    if not dataset.get("tags"):
        lacking.append("tags")
    for resource in dataset["resources"]:
        lacking += [f"{name} of {resource.get('uri')}" for name in ("uri", "url", "name", "license", "format") if not resource.get(name)]
    return lacking


def main(url):
    seen, faults = {}, []
    pages = 0
    while url:
        text, media_type = fetch(url)
        parser = RDFParser(profiles=["euro_dcat_ap_3"])
        parser.parse(text, _format=media_type)
        pages += 1
        described = {str(s) for s in parser.g.objects(None, DCAT.dataset)}
        found = list(parser.datasets())
        parsed = {extras(d)["uri"] for d in found}
        if not described <= parsed:
            faults.append(f"{url}: not read: {sorted(described - parsed)}")
        for dataset in found:
            uri = extras(dataset)["uri"]
            if uri in described and uri in seen:
                faults.append(f"{url}: {uri} is on two pages")
            seen[uri] = dataset
            expected = len(list(parser.g.objects(rdflib.URIRef(uri), DCAT.distribution)))
            if len(dataset["resources"]) != expected:
                faults.append(f"{uri}: {len(dataset['resources'])} resources read of {expected}")
            if uri in described and expected:
                faults += [f"{uri}: no {name}" for name in missing(dataset)]
            print(f"{uri}  {dataset['title']}: {len(dataset['resources'])} resources")
        url = parser.next_page()
    print(f"{pages} pages, {len(seen)} datasets, {sum(len(d['resources']) for d in seen.values())} resources, {len(faults)} faults")
    for fault in faults:
        print("  " + fault)
    return 1 if faults or not seen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
