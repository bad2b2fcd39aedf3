DELETE FROM landing.rule_history WHERE day = {today}::DATE OR day < {today}::DATE - {days}
