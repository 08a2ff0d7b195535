dofile(os.getenv("BENCH_LUA") .. "/common.lua")
local count = tonumber(os.getenv("BENCH_ENTITIES"))
local round = os.getenv("BENCH_ROUND")
local n = 0
wrk.headers["Content-Type"] = "application/json"
function request()
  n = n + 1
  return wrk.format("PATCH", "/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:bench:" .. math.random(0, count - 1) .. "/attrs", nil,
    '{"name":{"type":"Property","value":"Stellplatz ' .. round .. "-" .. n .. '"}}')
end
