-- What people ask of a corpus, in turn: claims, articles, searches, sources, days.
local refs, words = {}, { "fire", "police", "harbour", "minister", "two", "said", "bridge" }
local pipe = io.popen("curl -s '" .. os.getenv("BASE") .. "/api/articles?limit=1000'")
for ref in pipe:read("*a"):gmatch('"ref":"([^"]+)"') do
  refs[#refs + 1] = ref:gsub("[^%w%-_.~]", function(c) return ("%%%02X"):format(c:byte()) end)
end
pipe:close()
math.randomseed(os.time())
local ask = {
  function() return "/api/claims/K" .. math.random(2000) end,
  function() return "/api/articles/" .. refs[math.random(#refs)] end,
  function() return "/api/search?q=" .. words[math.random(#words)] .. "&limit=20" end,
  function() return "/api/sources?limit=50" end,
  function() return "/api/timeline?limit=20" end,
  function() return "/api/claims?limit=20" end,
}
local failed = 0
request = function() return wrk.format("GET", ask[math.random(#ask)]()) end
response = function(status) if status >= 500 then failed = failed + 1; print("status " .. status) end end
