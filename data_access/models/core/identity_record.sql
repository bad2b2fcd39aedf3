-- doc: What identity compares of every source customer: name, tax number, places, and the domains and phone numbers of the customer and its people.
-- grain: one row per source customer
WITH reached AS (
    SELECT source, customer_id, email, phone, website FROM staging.customer
    UNION ALL
    SELECT source, customer_id, email, phone, NULL FROM staging.contact WHERE customer_id IS NOT NULL
),
domain AS (
    SELECT source, customer_id, string_agg(DISTINCT domain, ' ' ORDER BY domain) AS domains
    FROM (
        SELECT source, customer_id, web_domain(email) AS domain FROM reached WHERE contains(email, '@')
        UNION ALL SELECT source, customer_id, web_domain(website) FROM reached
    )
    GROUP BY source, customer_id
),
phone AS (
    SELECT source, customer_id, string_agg(DISTINCT nullif(phone_tail(phone), ''), ' ' ORDER BY nullif(phone_tail(phone), '')) AS phones
    FROM reached
    GROUP BY source, customer_id
)
SELECT c.source, c.customer_id AS source_id, s.role, c.name, coalesce(name_words(c.name), '') AS words,
       coalesce(tax_body(c.tax_id), '') AS tax_key, coalesce(tax_prefix(c.tax_id), '') AS tax_country,
       coalesce(name_words(c.country), '') AS country, coalesce(name_words(c.region), '') AS region,
       coalesce(name_words(c.city), '') AS city, coalesce(d.domains, '') AS domains, coalesce(p.phones, '') AS phones
FROM staging.customer c
JOIN staging.source s ON s.source = c.source
LEFT JOIN domain d ON d.source = c.source AND d.customer_id = c.customer_id
LEFT JOIN phone p ON p.source = c.source AND p.customer_id = c.customer_id
