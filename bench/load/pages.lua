-- The same questions as reads.lua asks, as pages for people, and the map besides.
local corpus = dofile("bench/load/corpus.lua")
corpus.ask({
  function() return "/claims/" .. corpus.claim() end,
  function() return "/articles/" .. corpus.article() end,
  function() return "/?q=" .. corpus.word() end,
  function() return "/sources" end,
  function() return "/timeline" end,
  function() return "/claims" end,
  function() return "/map" end,
  function() return "/" end,
})
