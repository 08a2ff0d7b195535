-- Shared by the load scripts: each thread gets a number of its own, and the end of a run prints one line that LoadRun reads.
local threads = 0
function setup(thread)
  thread:set("worker", threads)
  threads = threads + 1
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT requests=%d micros=%d failed=%d p50=%d p99=%d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
