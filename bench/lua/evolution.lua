dofile(os.getenv("BENCH_LUA") .. "/common.lua")
local count = tonumber(os.getenv("BENCH_ENTITIES"))
local query = os.getenv("BENCH_QUERY")
function request()
  return wrk.format("GET", "/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:ParkingSpot:bench:" .. math.random(0, count - 1) .. query)
end
