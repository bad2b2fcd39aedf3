-- doc: Pairs of customers that may be one, for people to decide: what agrees, why it was not certain, and the money that stays apart until then. hidden_base: the ERP side's revenue of 12 months and the CRM side's open deals; of two records of the same role, the smaller one's.
-- grain: one row per pair of customers, shown by its most probable pair of records
WITH asked AS (
    SELECT p.*, a.customer_id AS left_customer_id, b.customer_id AS right_customer_id, l.role AS left_role, r.role AS right_role,
           l.name AS left_name, r.name AS right_name, l.tax_country || l.tax_key AS left_tax, r.tax_country || r.tax_key AS right_tax,
           l.city AS left_city, r.city AS right_city, l.country AS left_country, r.country AS right_country,
           l.domains AS left_domains, r.domains AS right_domains, l.phones AS left_phones, r.phones AS right_phones
    FROM core.identity_pair p
    JOIN core.customer_link a ON a.source = p.left_source AND a.source_id = p.left_id
    JOIN core.customer_link b ON b.source = p.right_source AND b.source_id = p.right_id AND b.customer_id <> a.customer_id
    JOIN core.identity_record l ON l.source = p.left_source AND l.source_id = p.left_id
    JOIN core.identity_record r ON r.source = p.right_source AND r.source_id = p.right_id
),
said_no AS (
    SELECT a.customer_id AS one, b.customer_id AS other
    FROM core.identity_decision d
    JOIN core.customer_link a ON a.source = d.left_source AND a.source_id = d.left_id
    JOIN core.customer_link b ON b.source = d.right_source AND b.source_id = d.right_id
    WHERE d.kind = 'reject' AND d.status = 'applied'
),
alone AS (
    SELECT left_source || ':' || left_id AS customer_id FROM core.identity_decision WHERE kind = 'split' AND status = 'applied'
),
best AS (
    SELECT *
    FROM asked k
    WHERE NOT EXISTS (FROM said_no n WHERE (n.one, n.other) IN ((k.left_customer_id, k.right_customer_id), (k.right_customer_id, k.left_customer_id)))
        AND NOT EXISTS (FROM alone n WHERE n.customer_id IN (k.left_customer_id, k.right_customer_id))
    QUALIFY row_number() OVER (
        PARTITION BY least(left_customer_id, right_customer_id), greatest(left_customer_id, right_customer_id)
        ORDER BY probability DESC, left_source, left_id, right_source, right_id
    ) = 1
)
SELECT k.left_source, k.left_id, k.left_customer_id, k.left_role, k.left_name, nullif(k.left_tax, '') AS left_tax,
       nullif(k.left_city, '') AS left_city, nullif(upper(k.left_country), '') AS left_country, nullif(k.left_domains, '') AS left_domains, nullif(k.left_phones, '') AS left_phones,
       k.right_source, k.right_id, k.right_customer_id, k.right_role, k.right_name, nullif(k.right_tax, '') AS right_tax,
       nullif(k.right_city, '') AS right_city, nullif(upper(k.right_country), '') AS right_country, nullif(k.right_domains, '') AS right_domains, nullif(k.right_phones, '') AS right_phones,
       k.probability, k.name_similarity, coalesce(k.reason, 'cluster') AS reason,
       CAST(to_json({
           'name': CASE k.name_level WHEN 3 THEN 'same' WHEN 2 THEN 'near' WHEN 1 THEN 'alike' WHEN 0 THEN 'differs' END,
           'tax': agreement(k.tax), 'domain': agreement(k.domain), 'phone': agreement(k.phone), 'country': agreement(k.country),
           'city': agreement(k.city), 'form': agreement(k.form)
       }) AS VARCHAR) AS evidence,
       CASE WHEN k.left_role <> k.right_role THEN CASE k.left_role WHEN 'erp' THEN a.revenue_12m + b.deals_base ELSE b.revenue_12m + a.deals_base END
            ELSE least(a.revenue_12m + a.deals_base, b.revenue_12m + b.deals_base) END AS hidden_base
FROM best k
JOIN marts.customer_profile a ON a.customer_id = k.left_customer_id
JOIN marts.customer_profile b ON b.customer_id = k.right_customer_id
