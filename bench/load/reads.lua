-- What people ask of a corpus, in turn: claims, articles, searches, sources, days.
local corpus = dofile("bench/load/corpus.lua")
corpus.ask({
  function() return "/api/claims/" .. corpus.claim() end,
  function() return "/api/articles/" .. corpus.article() end,
  function() return "/api/search?q=" .. corpus.word() .. "&limit=20" end,
  function() return "/api/sources?limit=50" end,
  function() return "/api/timeline?limit=20" end,
  function() return "/api/claims?limit=20" end,
})
