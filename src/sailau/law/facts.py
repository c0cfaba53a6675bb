"""Facts about persons, lists and parties that conditions of a rule book may ask for: one table, from which docs are made.

A fact of a person is a column of `candidates.csv` (or a key of the file that describes one person); a fact of a list or
of a party is a column of `parties.csv`. Which article asks for a fact stands in the rule books, not here. A fact that is
absent is unknown: the condition stays undecided.

Yes/no facts are written `yes` or `no`; dates `2023-02-08`, or `2023-02-08T18:00` where the hour matters, or the year
alone where no more is known; shares of votes `5.20%`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Of = Literal["person", "list", "party"]
Kind = Literal["bool", "date", "int", "text", "choice"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One column that conditions may use.

    Attributes:
        of: what it describes.
        kind: how it is written.
        values: what a `choice` may be.
        meaning: language → what it says.
        document: language → the paper that proves it, empty where none is asked for.
        health: a fact about health; it may appear in output only as a count.
    """

    name: str
    of: Of
    kind: Kind
    values: tuple[str, ...]
    meaning: Mapping[str, str]
    document: Mapping[str, str]
    health: bool = False

    @property
    def file(self) -> str:
        """The table of a case in which it is a column."""
        return "candidates.csv" if self.of == "person" else "parties.csv"

    @property
    def needs_document(self) -> bool:
        """Whether a paper must prove it."""
        return bool(self.document)


_NONE: Mapping[str, str] = MappingProxyType({})


def _text(en: str, kk: str, ru: str) -> Mapping[str, str]:
    return MappingProxyType({"en": en, "kk": kk, "ru": ru})


_PASSPORT = _text(
    "passport or identity card", "паспорт немесе жеке куәлік", "паспорт или удостоверение личности"
)
_ADDRESS = _text("certificate of residence", "тұрғылықты жері туралы анықтама", "справка о месте жительства")
_RECORD = _text(
    "certificate of criminal records",
    "соттылығының жоқтығы туралы анықтама",
    "справка об отсутствии судимости",
)
_DIPLOMA = _text("diploma", "диплом", "диплом")
_WORK = _text(
    "record of employment", "еңбек кітапшасы немесе жұмыс өтілі туралы құжат", "документ о трудовом стаже"
)
_MINUTES = _text(
    "extract of the minutes of the nominating body",
    "ұсынған органның хаттамасынан үзінді көшірме",
    "выписка из протокола выдвинувшего органа",
)
_SHEETS = _text("signature sheets, checked", "тексерілген қол қою парақтары", "проверенные подписные листы")
_PAYMENT = _text(
    "proof of payment of the deposit", "жарна төленгенін растайтын құжат", "документ об уплате взноса"
)
_TAX = _text(
    "declaration of assets and liabilities, received by the tax office",
    "салық органы қабылдаған активтер мен міндеттемелер туралы декларация",
    "декларация об активах и обязательствах, принятая налоговым органом",
)
_MEDICAL = _text("medical certificate", "медициналық қорытынды", "медицинское заключение")
_DISABILITY = _text("certificate of disability", "мүгедектік туралы анықтама", "справка об инвалидности")
_MEMBERS = _text("list of members", "мүшелердің тізімі", "список членов")
_JUSTICE = _text(
    "certificate of state registration",
    "мемлекеттік тіркеу туралы куәлік",
    "свидетельство о государственной регистрации",
)


def _fact(
    name: str,
    kind: Kind,
    en: str,
    kk: str,
    ru: str,
    document: Mapping[str, str] = _NONE,
    *,
    of: Of = "person",
    values: tuple[str, ...] = (),
    health: bool = False,
) -> Fact:
    return Fact(name, of, kind, values, _text(en, kk, ru), document, health)


NOMINATORS = ("party", "association", "self", "council", "higher-executive")
EDUCATION = ("none", "secondary", "vocational", "higher")

_PERSON = (
    _fact("citizen", "bool", "is a citizen", "азамат", "является гражданином", _PASSPORT),
    _fact(
        "citizen_by_birth",
        "bool",
        "has been a citizen since birth",
        "туғаннан азамат",
        "гражданин по рождению",
        _PASSPORT,
    ),
    _fact("citizen_since", "date", "citizen since", "азаматтықты алған күні", "гражданин с", _PASSPORT),
    _fact(
        "other_citizenship",
        "bool",
        "also holds the citizenship of another state",
        "басқа мемлекеттің де азаматтығы бар",
        "имеет также гражданство другого государства",
    ),
    _fact(
        "resident_since",
        "date",
        "has lived in the country permanently since",
        "елде тұрақты тұрып жатқан уақыттың басы",
        "постоянно проживает в стране с",
        _ADDRESS,
    ),
    _fact(
        "region_since",
        "date",
        "has lived permanently in the region of the election since",
        "сайлау өтетін өңірде тұрақты тұрып жатқан уақыттың басы",
        "постоянно проживает в регионе выборов с",
        _ADDRESS,
    ),
    _fact(
        "lives_in_unit",
        "bool",
        "lives in the unit whose council or head is elected",
        "сайлау өтетін әкімшілік бірлікте тұрады",
        "проживает в административной единице, где проходят выборы",
        _ADDRESS,
    ),
    _fact(
        "incapable",
        "bool",
        "has been declared incapable by a court",
        "сот әрекетке қабілетсіз деп таныған",
        "признан судом недееспособным",
    ),
    _fact(
        "imprisoned",
        "bool",
        "is in prison under a court sentence",
        "сот үкімі бойынша бас бостандығынан айыру орнында",
        "содержится в местах лишения свободы по приговору суда",
    ),
    _fact(
        "conviction",
        "bool",
        "has a conviction that is not spent or lifted",
        "жойылмаған немесе алынбаған соттылығы бар",
        "имеет непогашенную или неснятую судимость",
        _RECORD,
    ),
    _fact(
        "corruption",
        "bool",
        "guilt of a corruption offence has been established by a court",
        "сыбайлас жемқорлық құқық бұзушылық жасаудағы кінәсін сот анықтаған",
        "вина в коррупционном правонарушении установлена судом",
        _RECORD,
    ),
    _fact("education", "choice", "education completed", "білімі", "образование", _DIPLOMA, values=EDUCATION),
    _fact(
        "state_language",
        "bool",
        "is fluent in the state language, as the commission's procedure found",
        "мемлекеттік тілді еркін меңгерген (комиссия тәртібімен анықталған)",
        "свободно владеет государственным языком (установлено комиссией)",
        _text(
            "conclusion of the language commission",
            "лингвистикалық комиссияның қорытындысы",
            "заключение лингвистической комиссии",
        ),
    ),
    _fact(
        "service_years",
        "int",
        "full years in public service or elected office",
        "мемлекеттік қызметтегі немесе сайланбалы лауазымдағы толық жылдар",
        "полных лет на государственной службе или выборных должностях",
        _WORK,
    ),
    _fact(
        "work_years",
        "int",
        "full years of work",
        "толық еңбек өтілі, жыл",
        "полных лет трудового стажа",
        _WORK,
    ),
    _fact(
        "held_office_before",
        "bool",
        "has already been elected to this office",
        "бұл лауазымға бұрын сайланған",
        "уже избирался на эту должность",
    ),
    _fact(
        "holds_office",
        "bool",
        "holds this office now",
        "қазір осы лауазымда",
        "занимает эту должность сейчас",
    ),
    _fact(
        "member_of",
        "text",
        "id of the party to which the person belongs, `none` for nobody's member",
        "тұлға мүше болып табылатын партияның белгісі, болмаса none",
        "идентификатор партии, в которой состоит лицо, или none",
        _text(
            "certificate of membership", "партияға мүшелігі туралы анықтама", "справка о членстве в партии"
        ),
    ),
    _fact(
        "nominator_kind",
        "choice",
        "who nominated: a party, another association, the person, a council, the head of a higher unit",
        "кім ұсынды: партия, өзге қоғамдық бірлестік, өзі, мәслихат, жоғары тұрған әкім",
        "кто выдвинул: партия, иное объединение, само лицо, маслихат, вышестоящий аким",
        _MINUTES,
        values=NOMINATORS,
    ),
    _fact(
        "nominator",
        "text",
        "id of the party, association or council that nominated",
        "ұсынған партияның, бірлестіктің немесе мәслихаттың белгісі",
        "идентификатор выдвинувшей партии, объединения или маслихата",
        _MINUTES,
    ),
    _fact(
        "nominated",
        "date",
        "day (and hour) of nomination",
        "ұсынылған күні мен сағаты",
        "день и час выдвижения",
    ),
    _fact(
        "filed",
        "date",
        "day (and hour) on which the papers for registration were complete",
        "тіркеуге арналған құжаттар толық тапсырылған күн мен сағат",
        "день и час подачи полного пакета документов для регистрации",
    ),
    _fact(
        "consent",
        "bool",
        "has stated in writing that he or she agrees to stand",
        "кандидат болуға келісімі туралы өтініш берген",
        "подал заявление о согласии баллотироваться",
        _text("application", "өтініш", "заявление"),
    ),
    _fact(
        "signatures",
        "int",
        "valid signatures in support",
        "қолдап қойылған жарамды қолдар саны",
        "число действительных подписей в поддержку",
        _SHEETS,
    ),
    _fact(
        "signatures_false",
        "int",
        "signatures found to be false",
        "жалған деп танылған қолдар саны",
        "число подписей, признанных недостоверными",
        _SHEETS,
    ),
    _fact(
        "signatures_regions",
        "int",
        "regions (units) whose signatures represent them equally",
        "қолдар тең өкілдік ететін өңірлер саны",
        "число регионов, равно представленных подписями",
        _SHEETS,
    ),
    _fact(
        "signatures_settlements",
        "int",
        "settlements in which signatures were collected",
        "қол жиналған елді мекендер саны",
        "число населённых пунктов, где собраны подписи",
        _SHEETS,
    ),
    _fact(
        "signatures_one_council",
        "int",
        "signatures from the council that gave most of them",
        "ең көп қол берген бір мәслихаттан жиналған қолдар",
        "подписи от маслихата, давшего их больше всего",
        _SHEETS,
    ),
    _fact(
        "voters",
        "int",
        "voters (or electors) of the area of the election",
        "сайлау өтетін аумақтағы сайлаушылар (таңдаушылар) саны",
        "число избирателей (выборщиков) на территории выборов",
    ),
    _fact(
        "settlements",
        "int",
        "settlements of the unit",
        "әкімшілік бірліктегі елді мекендер саны",
        "число населённых пунктов административной единицы",
    ),
    _fact(
        "deposit_paid",
        "int",
        "deposit paid, in whole units of the currency",
        "төленген сайлау жарнасы, ұлттық валютамен",
        "уплаченный избирательный взнос, в национальной валюте",
        _PAYMENT,
    ),
    _fact(
        "declaration",
        "bool",
        "has declared income and property",
        "табысы мен мүлкін мәлімдеген",
        "подал декларацию об имуществе",
        _TAX,
    ),
    _fact(
        "spouse_declaration",
        "bool",
        "the spouse has declared income and property (yes where there is no spouse)",
        "жұбайы табысы мен мүлкін мәлімдеген (жұбайы болмаса — yes)",
        "супруг или супруга подали декларацию (yes, если супруга нет)",
        _TAX,
    ),
    _fact(
        "declaration_false",
        "bool",
        "the declaration was found to be false",
        "декларациядағы деректер дәйексіз деп танылған",
        "сведения декларации признаны недостоверными",
    ),
    _fact(
        "medical_certificate",
        "bool",
        "has filed the medical certificate",
        "медициналық қорытынды тапсырылған",
        "представлено медицинское заключение",
        _MEDICAL,
        health=True,
    ),
    _fact(
        "disability",
        "bool",
        "is a person with a disability, proved by a certificate",
        "мүгедектігі бар адам (анықтамамен расталған)",
        "лицо с инвалидностью (подтверждено справкой)",
        _DISABILITY,
        health=True,
    ),
    _fact(
        "incompatible_office",
        "bool",
        "holds an office that cannot be combined with the mandate",
        "мандатпен үйлеспейтін лауазымда",
        "занимает должность, несовместимую с мандатом",
    ),
    _fact(
        "resigned",
        "date",
        "day of the written statement that the incompatible office is given up",
        "үйлеспейтін лауазымнан босату туралы өтініш берілген күн",
        "день заявления об освобождении от несовместимой должности",
        _text(
            "statement of resignation",
            "лауазымнан босату туралы өтініш",
            "заявление об освобождении от должности",
        ),
    ),
    _fact(
        "other_council",
        "bool",
        "is a member of another council of the same kind",
        "өзге мәслихаттың депутаты",
        "является депутатом другого маслихата",
    ),
    _fact("withdrawn", "date", "day of withdrawal", "кандидатурасын алған күн", "день снятия кандидатуры"),
    _fact(
        "early_campaign",
        "bool",
        "a commission established campaigning before the start of the campaign",
        "мерзімінен бұрын үгіт жүргізгенін комиссия анықтаған",
        "комиссия установила досрочную агитацию",
    ),
    _fact(
        "vote_buying",
        "bool",
        "a commission or court established buying of votes",
        "сайлаушыларды сатып алу фактісі анықталған",
        "установлен подкуп избирателей",
    ),
    _fact(
        "second_breach",
        "bool",
        "broke the law again after a warning",
        "ескертуден кейін заңды қайта бұзған",
        "повторно нарушил закон после предупреждения",
    ),
    _fact(
        "sex_basis",
        "choice",
        "where the sex in the data comes from",
        "деректердегі жыныстың негізі",
        "на чём основаны сведения о поле",
        values=("document", "guess"),
    ),
)

_LIST = (
    _fact(
        "list_nominated",
        "date",
        "day (and hour) on which the list was nominated",
        "тізім ұсынылған күн мен сағат",
        "день и час выдвижения списка",
        _MINUTES,
        of="list",
    ),
    _fact(
        "list_filed",
        "date",
        "day (and hour) on which the papers of the list were complete",
        "тізімнің құжаттары толық тапсырылған күн мен сағат",
        "день и час подачи документов списка",
        of="list",
    ),
    _fact(
        "list_left",
        "int",
        "names that have left the list since it was nominated",
        "ұсынылғаннан кейін тізімнен шыққан адамдар саны",
        "число выбывших из списка после выдвижения",
        of="list",
    ),
    _fact(
        "list_length",
        "int",
        "names on the list, where the persons are not in the case",
        "тізімдегі адамдар саны (адамдар істе болмаса)",
        "число лиц в списке, если самих лиц нет в деле",
        of="list",
    ),
    _fact(
        "list_women", "int", "women on the list", "тізімдегі әйелдер саны", "число женщин в списке", of="list"
    ),
    _fact(
        "list_youth",
        "int",
        "young people on the list",
        "тізімдегі жастар саны",
        "число молодёжи в списке",
        of="list",
    ),
    _fact(
        "list_disability",
        "int",
        "persons with disabilities on the list",
        "тізімдегі мүгедектігі бар адамдар саны",
        "число лиц с инвалидностью в списке",
        _DISABILITY,
        of="list",
    ),
    _fact(
        "list_in_groups",
        "int",
        "names that belong to at least one quota group",
        "квота санаттарының кемінде біріне жататын адамдар саны",
        "число лиц, относящихся хотя бы к одной категории квоты",
        of="list",
    ),
    _fact(
        "supreme_body",
        "int",
        "members of the party's supreme body",
        "партияның жоғары органының мүшелері",
        "число членов высшего органа партии",
        _MINUTES,
        of="list",
    ),
    _fact(
        "supreme_body_for",
        "int",
        "members of the supreme body who voted for the list",
        "жоғары органның тізімді жақтаған мүшелері",
        "число членов высшего органа, голосовавших за список",
        _MINUTES,
        of="list",
    ),
    _fact(
        "list_deposit",
        "int",
        "deposit paid for the list, in whole units of the currency",
        "тізім үшін төленген жарна, ұлттық валютамен",
        "взнос, уплаченный за список, в национальной валюте",
        _PAYMENT,
        of="list",
    ),
    _fact(
        "last_share",
        "text",
        "share of votes at the last election of this body, such as 5.20%; 0% for a new party",
        "осы органның соңғы сайлауындағы дауыс үлесі, мысалы 5.20%; жаңа партия үшін 0%",
        "доля голосов на последних выборах этого органа, например 5.20%; для новой партии 0%",
        of="list",
    ),
    _fact(
        "list_early_campaign",
        "bool",
        "a commission established campaigning before the start of the campaign",
        "мерзімінен бұрын үгіт жүргізгенін комиссия анықтаған",
        "комиссия установила досрочную агитацию",
        of="list",
    ),
    _fact(
        "list_vote_buying",
        "bool",
        "a commission or court established buying of votes",
        "сайлаушыларды сатып алу фактісі анықталған",
        "установлен подкуп избирателей",
        of="list",
    ),
)

_PARTY = (
    _fact(
        "party_notice",
        "date",
        "day on which the ministry confirmed the notice of intent",
        "партия құру ниеті туралы хабарлама расталған күн",
        "день подтверждения уведомления о намерении создать партию",
        _text("notice of intent, confirmed", "расталған хабарлама", "подтверждённое уведомление"),
        of="party",
    ),
    _fact(
        "party_initiators",
        "int",
        "citizens in the initiative group",
        "бастамашы топтағы азаматтар саны",
        "число граждан в инициативной группе",
        _text("list of initiators", "бастамашылар тізімі", "список инициаторов"),
        of="party",
    ),
    _fact(
        "party_initiator_regions",
        "int",
        "regions that the initiators come from",
        "бастамашылар шыққан өңірлер саны",
        "число регионов, представленных инициаторами",
        of="party",
    ),
    _fact(
        "party_congress",
        "date",
        "day of the founding congress",
        "құрылтай съезі өткен күн",
        "день учредительного съезда",
        _MINUTES,
        of="party",
    ),
    _fact(
        "party_filed",
        "date",
        "day on which the papers for state registration were filed",
        "мемлекеттік тіркеуге құжаттар тапсырылған күн",
        "день подачи документов на государственную регистрацию",
        of="party",
    ),
    _fact(
        "party_members",
        "int",
        "members of the party",
        "партия мүшелерінің саны",
        "число членов партии",
        _MEMBERS,
        of="party",
    ),
    _fact(
        "party_branches",
        "int",
        "regions in which the party has a branch",
        "партияның филиалы бар өңірлер саны",
        "число регионов, где у партии есть филиал",
        of="party",
    ),
    _fact(
        "party_branch_least",
        "int",
        "members of the smallest branch",
        "ең шағын филиалдағы мүшелер саны",
        "число членов в самом малом филиале",
        _MEMBERS,
        of="party",
    ),
    _fact(
        "party_registered",
        "date",
        "day of state registration",
        "мемлекеттік тіркелген күн",
        "день государственной регистрации",
        _JUSTICE,
        of="party",
    ),
    _fact(
        "party_suspended",
        "bool",
        "the activity of the party is suspended",
        "партияның қызметі тоқтатыла тұрған",
        "деятельность партии приостановлена",
        of="party",
    ),
    _fact(
        "party_foreign_money",
        "bool",
        "the party is financed from abroad",
        "партия шетелден қаржыландырылады",
        "партия финансируется из-за рубежа",
        of="party",
    ),
)

FACTS: Mapping[str, Fact] = MappingProxyType({fact.name: fact for fact in (*_PERSON, *_LIST, *_PARTY)})
"""Every fact by its column name."""

COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        file: frozenset(f.name for f in FACTS.values() if f.file == file)
        for file in ("candidates.csv", "parties.csv")
    }
)
"""File of a case → the columns that hold facts."""

GROUPS = ("women", "youth", "disability")
"""Groups of persons that a quota may name."""
