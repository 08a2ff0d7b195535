dofile(os.getenv("BENCH_LUA") .. "/common.lua")
local count = tonumber(os.getenv("BENCH_ENTITIES"))
local n = 0
wrk.headers["Content-Type"] = "application/json"
function request()
  n = n + 1
  local status = n % 2 == 0 and "free" or "occupied"
  return wrk.format("PATCH", "/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:bench:" .. math.random(0, count - 1), nil,
    '{"status":{"value":"' .. status .. '","observedAt":"2026-03-02T07:00:00.123Z"}}')
end
