-- What the corpus at BASE can be asked about, and how: 'ask' is a list of functions that make
-- a path, of which any is taken.
local corpus = {
  refs = {},
  words = { "fire", "police", "harbour", "minister", "two", "said", "bridge" },
}
local pipe = io.popen("curl -s '" .. os.getenv("BASE") .. "/api/articles?limit=1000'")
for ref in pipe:read("*a"):gmatch('"ref":"([^"]+)"') do
  corpus.refs[#corpus.refs + 1] = ref:gsub("[^%w%-_.~]", function(c) return ("%%%02X"):format(c:byte()) end)
end
pipe:close()
math.randomseed(os.time())
function corpus.claim() return "K" .. math.random(2000) end
function corpus.article() return corpus.refs[math.random(#corpus.refs)] end
function corpus.word() return corpus.words[math.random(#corpus.words)] end
function corpus.ask(ask)
  request = function() return wrk.format("GET", ask[math.random(#ask)]()) end
  response = function(status) if status >= 500 then print("status " .. status) end end
end
return corpus
