-- The same questions as reads.lua asks, as pages for people, and the map besides.
local refs, words = {}, { "fire", "police", "harbour", "minister", "two", "said", "bridge" }
local pipe = io.popen("curl -s '" .. os.getenv("BASE") .. "/api/articles?limit=1000'")
for ref in pipe:read("*a"):gmatch('"ref":"([^"]+)"') do
  refs[#refs + 1] = ref:gsub("[^%w%-_.~]", function(c) return ("%%%02X"):format(c:byte()) end)
end
pipe:close()
math.randomseed(os.time())
local ask = {
  function() return "/claims/K" .. math.random(2000) end,
  function() return "/articles/" .. refs[math.random(#refs)] end,
  function() return "/?q=" .. words[math.random(#words)] end,
  function() return "/sources" end,
  function() return "/timeline" end,
  function() return "/claims" end,
  function() return "/map" end,
  function() return "/" end,
}
local failed = 0
request = function() return wrk.format("GET", ask[math.random(#ask)]()) end
response = function(status) if status >= 500 then failed = failed + 1; print("status " .. status) end end
