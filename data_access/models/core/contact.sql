-- doc: People at our customers. person_id: the first contact of the same customer with the same e-mail address, or the same name and phone.
-- grain: one row per contact
-- lookups: core.customer_link
WITH known AS (
    SELECT gid(t.source, t.contact_id) AS contact_id, k.customer_id, t.name, t.email, t.phone, t.source,
           coalesce(nullif(lower(trim(t.email)), ''), gid(t.source, t.contact_id)) AS mail_key,
           coalesce(nullif(phone_tail(t.phone), '') || ' ' || name_words(t.name), gid(t.source, t.contact_id)) AS phone_key
    FROM staging.contact t
    LEFT JOIN core.customer_link k ON k.source = t.source AND k.source_id = t.customer_id
),
by_mail AS (
    SELECT *, min(contact_id) OVER (PARTITION BY customer_id, mail_key) AS mail_person FROM known
)
SELECT contact_id, customer_id, name, email, phone, source,
       CASE WHEN customer_id IS NULL THEN contact_id ELSE min(mail_person) OVER (PARTITION BY customer_id, phone_key) END AS person_id
FROM by_mail
