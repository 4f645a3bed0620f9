"""What people at a small MSP write: names, summaries, and prose of any length."""

from random import Random

FIRST_NAMES = (
    "Ada",
    "Amir",
    "Anna",
    "Ben",
    "Carla",
    "Chen",
    "Dana",
    "Diego",
    "Elif",
    "Emma",
    "Farid",
    "Grace",
    "Hana",
    "Ivan",
    "Jamal",
    "Jonas",
    "Karin",
    "Lena",
    "Liam",
    "Maria",
    "Mateo",
    "Mia",
    "Nadia",
    "Noah",
    "Olga",
    "Omar",
    "Paula",
    "Priya",
    "Quinn",
    "Rosa",
    "Samir",
    "Sofia",
    "Tariq",
    "Uma",
    "Victor",
    "Wanda",
    "Xavier",
    "Yuki",
    "Zoe",
    "Zora",
)
LAST_NAMES = (
    "Abbott",
    "Berg",
    "Castillo",
    "Dimitrov",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Larsen",
    "Mbeki",
    "Nakamura",
    "O'Brien",
    "Petrov",
    "Quiroga",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zimmermann",
    "Müller",
    "Ångström",
    "D'Souza",
)
TOWNS = ("Tampa", "Leeds", "Graz", "Perth", "Haifa", "Lyon", "Utrecht", "Durban", "Osaka", "Malmö")
COMPANY_HEADS = (
    "Wild Eagle",
    "Blue Harbour",
    "North Ridge",
    "Old Mill",
    "Silver Oak",
    "Red Fox",
    "Green Valley",
    "Bright Path",
    "Stone Bridge",
    "Clear Water",
    "Iron Gate",
    "Maple Lane",
    "Café Nord",
    "Sunrise",
    "Falcon",
    "Meridian",
    "Copper Hill",
    "Lakeside",
    "Summit",
    "Harvest",
)
COMPANY_TAILS = (
    "Dental",
    "Logistics",
    "Law",
    "Bakery",
    "Clinic",
    "Motors",
    "Schools",
    "Press",
    "Foods",
    "Books",
)
COMPANY_FORMS = ("LLC", "Ltd", "GmbH", "Inc", "Pty", "AB")

_THINGS = (
    "Printer",
    "Laptop",
    "VPN",
    "Outlook",
    "Teams call",
    "Shared mailbox",
    "Server backup",
    "Docking station",
    "Wi-Fi",
    "Monitor",
    "Firewall",
    "Badge reader",
    "Scanner",
    "SharePoint site",
    "File share",
    "Phone system",
    "QuickBooks",
    "Antivirus",
    "SSL certificate",
    "New user",
)
_TROUBLES = (
    "offline",
    "very slow since the update",
    "asks for a password again and again",
    "will not start",
    "shows an error",
    "drops every few minutes",
    "needs a quote",
    "full",
    "not syncing",
    "to be set up",
    "expired",
    "makes a strange noise",
)
_PLACES = (
    "on 3rd floor",
    "at reception",
    "in the warehouse",
    "for accounting",
    "for the whole office",
    "at home",
    "in meeting room B",
    "for the new starter",
    "at the branch office",
    "since Monday",
)
_ODD_SHARE = 0.025
_ODD_SUMMARIES = (
    "🔥 Server room is 41 °C 🔥",
    "المدير لا يستطيع الدخول إلى البريد",
    "המדפסת לא עובדת בקומה 3",
    "Copied from a mail:\u200e Phone \u200ekeeps ringing",
    "Scanned text with a NUL\x00 in the middle",
    '<b>HTML</b> & "quotes" and a \\ back-slash; DROP TABLE ticket;--',
    "  blanks before and after  ",
    "日本語のキーボードが動かない 👩🏽‍💻",
    "X" * 100,
    "Tab\there, line\r\nbreak there",
)
_SENTENCES = (
    "The user called and said that it happens every morning.",
    "Restarted the service and it came back for about an hour.",
    "Waiting for the vendor, who promised an answer by Friday.",
    "Replaced the cable; link lights are green again.",
    "Event log shows disk warnings, so I ordered a replacement drive.",
    "Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist.",
    "שלום, אין חיבור לרשת מאז הבוקר.",
    "Customer is happy 🎉 and agreed to close.",
    'See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps.',
    "Pasted from Word:\u200e “smart quotes”, an em-dash — and a soft\u00adhyphen.",
    "C:\\Users\\Public\\Desktop was full of copies of the same file.",
)
_ODD_NOTE_SHARE = 0.06
_ODD_NOTES = (
    "## Steps\r\n\r\n1. **Reboot** it\r\n2. `ipconfig`\r\n\r\n| Host | State |\r\n|---|---|\r\n| DC01 | ok |",
    "✅ Erledigt, danke! 👩🏽‍💻🏳️‍🌈 🀄",
    "مرحبا، الطابعة لا تعمل منذ الصباح.\r\n🙏",
    "שלום, המסך נשאר שחור \u202b(see photo)\u202c",
    "Log pasted by a tool:\x00\x00 then it went on\x00",
    "<div style='color:red'>Sent from <b>Outlook</b> &amp; forwarded</div><script>alert(1)</script>",
    "> On Monday you wrote:\r\n> > it is broken\r\n\r\nIt still is.\u200e",
    "\t \r\n",
)


def summary(rng: Random) -> str:
    """One line of at most 100 characters; one in forty is of the kind that breaks careless code."""
    if rng.random() < _ODD_SHARE:
        return rng.choice(_ODD_SUMMARIES)
    asset = rng.randrange(10_000)
    return f"{rng.choice(_THINGS)} {rng.choice(_TROUBLES)} {rng.choice(_PLACES)} (PC-{asset:04d})"


def prose(rng: Random, length: int) -> str:
    """A text of `length` characters, lines ended as Windows does it."""
    parts: list[str] = []
    have = 0
    while have < length:
        sentence = rng.choice(_SENTENCES) + rng.choice((" ", " ", "\r\n"))
        parts.append(sentence)
        have += len(sentence)
    return "".join(parts)[:length]


def note(rng: Random, source: str) -> str:
    """What is written under a ticket: lines of `source`, or nothing, something odd, a page, a log file."""
    drawn = rng.random()
    if drawn < _ODD_NOTE_SHARE:
        return rng.choice(_ODD_NOTES)
    start = rng.randrange(len(source) // 2)
    bands = ((0.12, 0, 0), (0.9, 20, 700), (0.985, 1_500, 5_000), (1.0, 20_000, 30_000))
    least, most = next((least, most) for border, least, most in bands if drawn < border)
    return source[start : start + rng.randint(least, most)]


def person(rng: Random) -> tuple[str, str]:
    """First and last name."""
    return rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)


def company(rng: Random, number: int) -> str:
    """A company's name, unique by its number, at most 50 characters."""
    tail = f"{rng.choice(COMPANY_TAILS)} {rng.choice(COMPANY_FORMS)}"
    return f"{rng.choice(COMPANY_HEADS)} {tail} {number}"
