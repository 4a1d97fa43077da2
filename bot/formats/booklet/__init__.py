"""The reader of conference booklets: text made from a word processor, with all the scars of that.

A booklet has a guide (会务指南), an organisation (会议组织), a day plan as a table with tabs and the header
时间 活动内容 主持人 地点, and chapters of abstracts (…报告摘要). Nothing here knows a particular conference. Nothing is
repaired in silence: what was joined, dropped or chosen is a finding with its line.
"""

from bot.formats.booklet.reader import read

__all__ = ["read"]
