-- Drives wrk for bench/load.py, which reads the one JSON line that done() prints.
--
--   wrk ... -s drive.lua URL              the URL's own request, over and over
--   wrk ... -s drive.lua URL -- TARGETS   the requests of the file TARGETS in turn, a line each:
--                                         METHOD <tab> target [<tab> Name: value]...

local function read_requests(file)
   local requests = {}
   for line in io.lines(file) do
      local fields = {}
      for field in line:gmatch("[^\t]+") do fields[#fields + 1] = field end
      local headers = {}
      for i = 3, #fields do
         local name, value = fields[i]:match("^(.-): (.*)$")
         headers[name] = value
      end
      requests[#requests + 1] = wrk.format(fields[1], fields[2], headers)
   end
   return requests
end

function init(args)
   if not args[1] then return end
   local requests, next_one = read_requests(args[1]), 0
   request = function()
      next_one = next_one % #requests + 1
      return requests[next_one]
   end
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '{"requests":%d,"microseconds":%d,"p50_us":%d,"p99_us":%d,' ..
      '"errors":{"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
      errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
