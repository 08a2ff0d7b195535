dofile(os.getenv("BENCH_LUA") .. "/common.lua")
local path = os.getenv("BENCH_QUERY")
function request()
  return wrk.format("GET", path)
end
