CREATE OR REPLACE TABLE core.identity_pair AS
SELECT left_source::VARCHAR AS left_source, left_id::VARCHAR AS left_id, right_source::VARCHAR AS right_source, right_id::VARCHAR AS right_id,
       nullif(rule::VARCHAR, '') AS rule, round(confidence::DOUBLE, 4) AS confidence, round(probability::DOUBLE, 4) AS probability,
       nullif(reason::VARCHAR, '') AS reason,
       round(CASE WHEN isnan(similarity) THEN NULL ELSE similarity / 100 END, 3)::DOUBLE AS name_similarity,
       name_level::TINYINT AS name_level, tax::TINYINT AS tax, domain::TINYINT AS domain, phone::TINYINT AS phone,
       country::TINYINT AS country, city::TINYINT AS city, form::TINYINT AS form
FROM step_rows
