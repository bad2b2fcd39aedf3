-- doc: Whether a source has, or once had, this customer.
-- grain: one row
SELECT EXISTS (FROM core.customer_link l WHERE l.source = $source AND l.source_id = $source_id)
    OR EXISTS (FROM core.customer_link_history h WHERE h.source = $source AND h.source_id = $source_id) AS is_known
