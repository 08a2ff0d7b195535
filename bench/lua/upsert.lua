dofile(os.getenv("BENCH_LUA") .. "/common.lua")
local n = 0
local body = os.getenv("BENCH_BODY")
local round = os.getenv("BENCH_ROUND")
wrk.headers["Content-Type"] = "application/json"
function request()
  local parts = {}
  for i = 1, 20 do
    n = n + 1
    parts[i] = body:gsub("@ID@", "urn:ngsi-ld:ParkingSpot:" .. round .. ":" .. worker .. "-" .. n)
  end
  return wrk.format("POST", "/ngsi-ld/v1/entityOperations/upsert", nil, "[" .. table.concat(parts, ",") .. "]")
end
