dofile(os.getenv("BENCH_LUA") .. "/common.lua")
local n = 0
local body = os.getenv("BENCH_BODY")
local round = os.getenv("BENCH_ROUND")
wrk.headers["Content-Type"] = "application/json"
function request()
  n = n + 1
  return wrk.format("POST", "/ngsi-ld/v1/entities", nil, (body:gsub("@ID@", "urn:ngsi-ld:ParkingSpot:" .. round .. ":" .. worker .. "-" .. n)))
end
