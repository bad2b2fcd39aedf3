-- What makes two rows the same: ids, company days, names and tax numbers.
CREATE OR REPLACE MACRO gid(source, id) AS source || ':' || id;
CREATE OR REPLACE MACRO company_date(ts) AS
    CAST(timezone((SELECT timezone FROM staging.company), CAST(ts AS TIMESTAMPTZ)) AS DATE);

CREATE OR REPLACE MACRO half_width(x) AS translate(x,
    '　！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
    ' !"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~');
-- Words of a name: lower case, no accents, no punctuation, single spaces. Dots and apostrophes join (S.A. = sa).
CREATE OR REPLACE MACRO name_words(x) AS trim(regexp_replace(regexp_replace(
    replace(replace(replace(lower(strip_accents(half_width(x))), 'ß', 'ss'), 'ø', 'o'), 'ł', 'l'),
    '[.''’`]', '', 'g'), '[^\p{L}\p{N}]+', ' ', 'g'));
-- The name without its legal form (data_access/legal_forms.toml), all in one piece; a name that is nothing but a legal form stays as it is.
CREATE OR REPLACE MACRO norm_name(x) AS replace(coalesce(nullif(regexp_replace(regexp_replace(name_words(x),
    '( ($legal_words))+$', ''), ' ?($legal_endings)$', ''), ''), name_words(x)), ' ', '');

-- Tax number: letters and digits only; the prefix is an EU or British VAT country, the body what follows it.
CREATE OR REPLACE MACRO norm_tax(x) AS nullif(regexp_replace(upper(half_width(x)), '[^0-9A-Z]', '', 'g'), '');
CREATE OR REPLACE MACRO tax_prefix(x) AS nullif(regexp_extract(norm_tax(x),
    '^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[0-9A-Z]{7,}$', 1), '');
CREATE OR REPLACE MACRO tax_body(x) AS substr(norm_tax(x), 1 + coalesce(length(tax_prefix(x)), 0));
-- Whether every word of `asked` (words as name_words makes them) is in `text`, anywhere.
CREATE OR REPLACE MACRO has_words(text, asked) AS len(list_filter(string_split(asked, ' '), lambda word: contains(text, word))) = len(string_split(asked, ' '));
-- The host of an address or a mail address, without www.; the last digits of a telephone number, which every way of writing it ends with.
CREATE OR REPLACE MACRO web_domain(x) AS nullif(regexp_extract(lower(half_width(x)),
    '^(?:[a-z]+://)?(?:www\.)?(?:[^@/\s]*@)?(?:www\.)?([a-z0-9][a-z0-9.-]*\.[a-z]{2,})', 1), '');
CREATE OR REPLACE MACRO phone_tail(x) AS regexp_extract(regexp_replace(half_width(x), '[^0-9]', '', 'g'), '[0-9]{7,9}$');
-- The word for how a field of two records compares.
CREATE OR REPLACE MACRO agreement(level) AS CASE level WHEN 1 THEN 'same' WHEN 0 THEN 'differs' END;
