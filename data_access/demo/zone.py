"""The company's time zone."""

ZONE = "Asia/Shanghai"
