-- doc: The month, the standing figures and the history behind the eight headline figures; overview.py names their comparisons.
-- grain: one row
SELECT s.today, s.days_of_orders, s.first_order_date, s.unconverted_lines, m.booked, m.revenue, m.costed_revenue, m.cost,
       m.booked_last_year, m.revenue_last_year, m.gross_margin_last_year, m.revenue_plan, m.revenue_plan_to_date,
       m.gross_margin_plan, m.on_time_plan, m.plan_ahead, k.due, k.on_time, k.next_due_date, k.stock_value,
       k.stock_cover_days, k.open_deals, k.weighted, k.from_history, k.open_base, k.overdue_base, k.replies, k.score,
       k.tickets, k.orders
FROM marts.span s CROSS JOIN marts.kpi_month m CROSS JOIN marts.kpi_state k
