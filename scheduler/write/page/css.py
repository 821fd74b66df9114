"""The look of `roster.html`: on a desk, on a phone, in the dark and on paper; no picture, font or link outside."""

from __future__ import annotations

from scheduler.write.workbook.styles import STATUS_COLOURS

_BASE = """
:root{--ink:#1d2733;--soft:#5d6b7a;--line:#c9d2db;--paper:#fff;--ground:#f3f6f9;--head:#e4ecf3;--off:#e9e9e9;
--holiday:#f6dede;--accent:#1f4e79;--miss:#ffd58a}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,"Segoe UI",Roboto,Arial,sans-serif}
main,header,footer{max-width:1280px;margin:0 auto;padding:0 16px}
header{padding-top:24px}
h1{font-size:1.5rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.2rem;margin:0 0 4px;color:var(--accent)}
h3{font-size:1rem;margin:18px 0 6px}
p{margin:4px 0}
.soft{color:var(--soft)}
section{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:16px;margin:16px 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;margin:12px 0}
.cards div{border:1px solid var(--line);border-radius:8px;padding:8px 12px;background:var(--paper)}
.cards b{display:block;font-size:1.4rem;line-height:1.2;font-variant-numeric:tabular-nums}
.cards span{color:var(--soft);font-size:.85rem}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;max-width:100%}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{border-right:1px solid var(--line);border-bottom:1px solid var(--line);padding:4px 6px;text-align:center;
background:var(--paper);white-space:nowrap}
tr>:last-child{border-right:0}
tbody:last-child tr:last-child>*,tfoot tr:last-child>*{border-bottom:0}
thead th{background:var(--head);font-weight:600}
.words td:first-child,.words th[scope=row],td.text,th.text{text-align:left;white-space:normal}
.words td{text-align:left;white-space:normal;vertical-align:top}
.words th[scope=row]{width:22%;min-width:9rem;font-weight:600;vertical-align:top}
.board .who{position:sticky;left:0;z-index:2;text-align:left;white-space:normal;min-width:13rem;max-width:17rem;
box-shadow:1px 0 0 var(--line)}
.board .who small{display:block;color:var(--soft);font-weight:400}
.board thead .who{z-index:3}
.board tbody .who{font-weight:400}
.board td{min-width:3.3rem;white-space:normal;line-height:1.15}
.board .weekend,.board thead .weekend{background:var(--off);color:var(--soft);min-width:1.9rem;padding:4px 2px}
.board .hol,.board thead .hol{background:var(--holiday);color:#9c1c1c;min-width:1.9rem;padding:4px 2px}
.board .gone{background:repeating-linear-gradient(45deg,var(--paper),var(--paper) 3px,var(--off) 3px,var(--off) 6px)}
.board .role{font-weight:700;text-decoration:underline;box-shadow:inset 0 -3px 0 var(--accent)}
.board tfoot th,.board tfoot td{background:var(--ground);font-weight:600}
.board tfoot .target{font-weight:400;color:var(--soft)}
.board tfoot .miss{background:var(--miss);color:#4d3500}
.board .number{color:var(--soft);font-weight:400}
.legend{display:flex;flex-wrap:wrap;gap:6px 10px;list-style:none;margin:10px 0 0;padding:0;font-size:13px}
.legend b{display:inline-block;border:1px solid var(--line);border-radius:4px;padding:0 6px;margin-right:4px;
font-weight:600}
ul.notes{margin:10px 0 0;padding-left:1.2rem}
svg.fair{width:100%;max-width:520px;height:auto;display:block}
svg.fair text{font:11px system-ui,"Segoe UI",Roboto,Arial,sans-serif;fill:currentColor}
svg.fair .more{fill:#2f78b7}
svg.fair .less{fill:#c77a1c}
svg.fair line{stroke:var(--soft);stroke-width:1}
summary{cursor:pointer;font-weight:600;margin-top:14px}
label{font-weight:600}
input{font:inherit;padding:6px 10px;border:1px solid var(--line);border-radius:6px;background:var(--paper);
color:inherit;width:min(100%,24rem)}
a{color:#0b5394}
footer{padding-bottom:32px;color:var(--soft);font-size:13px}
.today{outline:2px solid var(--accent);outline-offset:-2px}
[hidden]{display:none!important}
@media (max-width:640px){main,header,footer{padding:0 10px}section{padding:12px 10px}h1{font-size:1.25rem}
.board .who{min-width:7.6rem;max-width:7.6rem;font-size:12px}.board .who small{display:none}
.board td,.board th{padding:5px 4px}}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9fb0c0;--line:#3b4855;--paper:#18212a;--ground:#10161c;
--head:#243240;--off:#26303a;--holiday:#4a2a2d;--accent:#8ec1ee}a{color:#9ccbf5}.board .hol{color:#ffb4b4}}
@media print{@page{size:A4 landscape;margin:12mm 10mm}body{background:#fff;font-size:9pt;color:#000}
main,header,footer{max-width:none;padding:0}section{border:0;padding:0;margin:0}
section.unit{break-before:page}.filter,.unit details,nav{display:none}.scroll{overflow:visible;border:0;border-radius:0}
table{border-collapse:collapse}th,td,tr>:last-child,tfoot tr:last-child>*,tbody:last-child tr:last-child>*{border:.5pt solid #9aa5af}
table{font-size:7.5pt}th,td{padding:2px 3px}.board td,.board th.weekend,.board th.hol,.board td.weekend,.board td.hol{min-width:0}
.board thead th{white-space:normal}.board.long{font-size:6pt}.board.long th,.board.long td{padding:1px}
.board .who{position:static;min-width:30mm;
box-shadow:none}thead{display:table-header-group}tfoot{display:table-row-group}tr{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def page_css() -> str:
    """Return the page's style sheet."""
    colours = "".join(
        f".s-{status}{{background:#{back};color:#{letters}}}"
        for status, (back, letters) in STATUS_COLOURS.items()
    )
    dark = (
        ".s-office{background:var(--paper);color:var(--ink)}.s-off{background:var(--off);color:var(--soft)}"
    )
    return _BASE.strip().replace("\n", "") + colours + dark


SCRIPT = (
    "(function(){var f=document.getElementById('filter');if(f){f.parentNode.hidden=false;"
    "f.addEventListener('input',function(){var w=f.value.trim().toLowerCase();"
    "document.querySelectorAll('[data-unit]').forEach(function(e){"
    "e.hidden=w!==''&&e.getAttribute('data-unit').indexOf(w)<0})})}"
    "var n=new Date(),p=function(x){return(x<10?'0':'')+x},"
    "d=n.getFullYear()+'-'+p(n.getMonth()+1)+'-'+p(n.getDate());"
    "document.querySelectorAll('[data-day=\"'+d+'\"]').forEach(function(e){e.classList.add('today')})})()"
)
"""Hides the units that do not match what is typed, and marks today's column; without it the page is whole."""
