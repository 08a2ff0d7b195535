dofile(os.getenv("BENCH_LUA") .. "/common.lua")
local count = tonumber(os.getenv("BENCH_ENTITIES"))
function request()
  return wrk.format("GET", "/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:bench:" .. math.random(0, count - 1))
end
