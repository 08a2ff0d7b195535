package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.NgsiLdException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private final RouteTable table = new RouteTable();

    RouteTableTest() {
        table.add(ApiRoute.get("/entities", "queryEntities", r -> Future.succeededFuture()));
        table.add(ApiRoute.get("/entities/{entityId}", "retrieveEntity", r -> Future.succeededFuture()));
        table.add(ApiRoute.put("/entities/{entityId}", "replaceEntity", r -> Future.succeededFuture()));
        table.add(ApiRoute.patch(
                "/entities/{entityId}/attrs/{attrId}", "partialAttributeUpdate", r -> Future.succeededFuture()));
        table.add(ApiRoute.patch(
                "/entities/{entityId}/attrs/{attrId}/{instanceId}", "modifyInstance", r -> Future.succeededFuture()));
        table.add(ApiRoute.delete(
                "/entities/{entityId}/attrs/{attrId}/{instanceId}", "deleteInstance", r -> Future.succeededFuture()));
    }

    @Test
    void readsAPathThatLacksAnAttributeAsTheOneWithoutTheEmptyPart() {
        assertThatThrownBy(() -> table.match(HttpMethod.DELETE, "/entities/urn:a/attrs//urn:i"))
                .isInstanceOfSatisfying(RouteTable.WrongMethod.class, e -> assertThat(e.allowed())
                        .isEqualTo("OPTIONS, PATCH"));
        RouteTable.Match match = table.match(HttpMethod.PATCH, "/entities/urn:a/attrs//urn:i");
        assertThat(match == null ? Map.of() : match.variables())
                .isEqualTo(Map.of("entityId", "urn:a", "attrId", "", "instanceId", "urn:i"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/entities", "/entities/"})
    void ignoresASlashAtTheEnd(String path) {
        assertThat(operation(HttpMethod.GET, path)).isEqualTo("queryEntities");
    }

    @Test
    void decodesVariables() {
        RouteTable.Match match = table.match(HttpMethod.PATCH, "/entities/urn:a%2Fb/attrs/http%3A%2F%2Fx%2Fy/");

        assertThat(match == null ? Map.of() : match.variables())
                .isEqualTo(Map.of("entityId", "urn:a/b", "attrId", "http://x/y"));
    }

    @Test
    void answersHeadLikeGet() {
        assertThat(operation(HttpMethod.HEAD, "/entities/urn:a")).isEqualTo("retrieveEntity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/entitie", "/entities/urn:a/attrs", "/entities/a/b/c/d/e/f", "/entities/a//"})
    void knowsNoOtherPaths(String path) {
        assertThat(table.match(HttpMethod.GET, path)).isNull();
    }

    @Test
    void tellsTheVerbsOfAPath() {
        assertThatThrownBy(() -> table.match(HttpMethod.DELETE, "/entities/urn:a"))
                .isInstanceOfSatisfying(RouteTable.WrongMethod.class, e -> assertThat(e.allowed())
                        .isEqualTo("GET, HEAD, OPTIONS, PUT"));
    }

    @Test
    void tellsThatAnIdentifierIsMissing() {
        assertThatThrownBy(() -> table.match(HttpMethod.PUT, "/entities/"))
                .isInstanceOf(NgsiLdException.class)
                .hasMessageContaining("identifier");
    }

    @Test
    void refusesBrokenEncoding() {
        assertThatThrownBy(() -> table.match(HttpMethod.GET, "/entities/%zz")).isInstanceOf(NgsiLdException.class);
    }

    @Test
    void refusesTwoRoutesForOneVerbAndPath() {
        assertThatThrownBy(() -> table.add(ApiRoute.get("/entities/{id}", "other", r -> Future.succeededFuture())))
                .isInstanceOf(IllegalStateException.class);
    }

    private String operation(HttpMethod method, String path) {
        RouteTable.Match match = table.match(method, path);
        return match == null ? "none" : match.route().operation();
    }
}
