-- Fields of a block that not every row has a canonical value of.
SELECT field FROM build.mapping WHERE source = ? AND entity = ? AND block = ? AND kind = 'field' AND mapped < rows
