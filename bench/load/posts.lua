-- Posts the texts of examples/, one after another, to be read and not kept.
local texts = {}
for path in io.popen("ls examples/*.txt"):lines() do
  local file = io.open(path)
  texts[#texts + 1] = file:read("*a")
  file:close()
end
local n = 0
request = function()
  n = n % #texts + 1
  return wrk.format("POST", "/api/read", { ["Content-Type"] = "text/plain" }, texts[n])
end
