"""What the report says in Vietnamese."""

from __future__ import annotations

from netwatch.model.attestation import AttestationKind
from netwatch.model.cause import Cause
from netwatch.model.claim import ClaimVerdict, Criterion, Finding, UnitVerdict, Withheld
from netwatch.publishing.report_definitions_vi import VIETNAMESE as DEFINITIONS
from netwatch.publishing.report_words import Claims, Front, Overview, Populations, Record, ReportWords, Units

FRONT = Front(
    kinds={"month": "Báo cáo tháng", "day": "Báo cáo ngày", "range": "Báo cáo theo kỳ"},
    title="Điều đã công bố và điều đo được",
    contents="Mục lục",
    period="Kỳ báo cáo",
    period_text="từ {first} đến hết {last}, trọn ngày theo giờ {zone} ({offset})",
    made="Lập báo cáo",
    made_text="{moment}, bằng netwatch {version}",
    registers="Danh mục đơn vị",
    example="danh mục mẫu: không dùng để kết luận",
    units="Đơn vị",
    units_text="{count} đơn vị trong các danh mục đang có hiệu lực, trong đó {monitored} đơn vị được "
    "giám sát",
    page="Trang",
    running="netwatch: điều đã công bố và điều đo được",
)

CLAIMS = Claims(
    heading="Các công bố",
    lead="Mỗi công bố được ghi đúng như trong văn bản, bên cạnh là kết quả đo trong kỳ. Kết quả đo nằm "
    "giữa hai cận: phần dưới cận dưới đã có bằng chứng; phần trên cận trên có bằng chứng trái ngược; "
    "phần ở giữa là chưa rõ.",
    one="Công bố {number}",
    document="Văn bản",
    document_hash="SHA-256 của văn bản",
    no_hash="chưa lưu trữ",
    sentence="Công bố {declared} tại ngày {date}; đo được trong kỳ {period}: {found}.",
    between="từ {lower} đến {upper}",
    valued="{value} (ngày {date}, nguồn: {source})",
    unmeasured="không có số đo",
    undeclared="không nêu con số",
    not_then="Số đo của kỳ {period} không xác nhận và cũng không bác bỏ tình hình tại ngày {date}.",
    verdicts={
        ClaimVerdict.HOLDS: "đạt mức công bố",
        ClaimVerdict.DOES_NOT_HOLD: "không đạt mức công bố",
        ClaimVerdict.UNDETERMINED: "chưa xác định",
    },
    unit_verdicts={
        UnitVerdict.VERIFIED: "đã xác minh",
        UnitVerdict.REFUTED: "bị bác bỏ",
        UnitVerdict.UNDETERMINED: "chưa xác định",
        UnitVerdict.UNMONITORED: "chưa được giám sát",
    },
    no_verdict="không kết luận",
    withheld={
        Withheld.EXAMPLE: "Danh mục đơn vị chỉ là danh mục mẫu: không biết thực tế có bao nhiêu đơn vị "
        "nên không kết luận.",
        Withheld.NO_UNITS: "Danh mục không có đơn vị nào thuộc loại này tại ngày của công bố.",
        Withheld.NOT_MEASURED: "Chỉ có công bố, không có số đo: không có gì netwatch theo dõi chứng tỏ "
        "hay bác bỏ điều này.",
        Withheld.CEASED: "Các đơn vị của công bố đã chấm dứt hoạt động: không đơn vị nào còn tồn tại "
        "trong các đơn vị hiện nay.",
        Withheld.READING: "Khi lập báo cáo, sổ ghi vẫn đang được đọc lại; hai cận mới tính đến lúc đó.",
        Withheld.NOT_OBSERVED: "Mới có {observed} thời gian của kỳ đã qua và được quan sát, ít hơn mức "
        "tối thiểu {minimum}; hai cận mới tính đến lúc đó.",
    },
    population="Đối tượng",
    population_text="{count} đơn vị của danh mục {register} tại ngày {date}",
    no_population="không có: công bố là một con số, không phải tỷ lệ đơn vị",
    lives_on="{count} đơn vị tại ngày {date} nay thuộc {heirs} đơn vị hiện có.",
    asked="Tiêu chí với mỗi đơn vị",
    observed="Đã quan sát",
    observed_text="{observed} thời gian của kỳ (muốn kết luận cần {minimum})",
    limits="Giới hạn chất lượng",
    limit_availability="độ khả dụng từ",
    limit_loss="tỷ lệ mất gói không quá",
    limit_rtt="độ trễ khứ hồi trung bình không quá",
    hours={"24x7": "mọi phút, 24 \N{MULTIPLICATION SIGN} 7", "office": "các phút trong giờ làm việc"},
    by_verdict="Số đơn vị theo kết luận",
    all="Tổng số",
    bar="Đã chứng tỏ {lower}, chưa bị bác bỏ {upper}, công bố {declared}",
    key_shown="đã có bằng chứng",
    key_unknown="chưa rõ",
    key_refuted="có bằng chứng trái ngược",
    key_declared="mức công bố",
    none="Cấu hình không nêu công bố nào.",
)

OVERVIEW = Overview(
    heading="Tổng quan",
    lead="Mỗi đơn vị trong danh mục đang có hiệu lực có một dòng, kể cả đơn vị không có thiết bị. Tên "
    "đơn vị dẫn đến phần của đơn vị đó.",
    caption="Các đơn vị, độ khả dụng (mọi phút, không loại trừ gì) và kết luận theo từng công bố",
    unit="Đơn vị",
    code="Mã",
    area="Khu vực",
    availability="Độ khả dụng, cận dưới\N{EN DASH}cận trên",
    outages="Lần mất kết nối",
    claim="CB{number}",
    symbols="Ký hiệu",
    no_part="không thuộc đối tượng",
    none="Các danh mục không có đơn vị nào.",
    unseen="Những gì không quan sát được",
    unseen_lead="Những gì không ai quan sát thì không chứng tỏ điều gì, theo cả hai chiều. Thời gian "
    "đó được tính là không rõ: trừ khỏi cận dưới và cộng vào cận trên.",
    unmonitored="Đơn vị không có thiết bị: {count} trên {total}",
    all_monitored="Mọi đơn vị đều có thiết bị.",
    pauses="Những lúc netwatch ngừng chạy",
    no_pauses="netwatch chạy liên tục.",
    gaps="Những mục mà sổ ghi không còn chỗ để ghi",
    no_gaps="Sổ ghi không bỏ mục nào.",
    gap_kind="Loại mục",
    gap_number="Số lượng",
    blind="Phút bị che khuất",
    blind_text="Đường quan sát bị che khuất, một phần hay toàn bộ, đối với {units} đơn vị, tổng cộng "
    "{minutes} phút của các đơn vị đó.",
    no_blind="Không đường quan sát nào bị che khuất.",
    began="Từ",
    ended="Đến",
    length="Thời gian",
)

POPULATIONS = Populations(
    heading="Các đơn vị của từng công bố",
    lead="Mỗi công bố được đo tại những đơn vị mà văn bản của nó đã tính. Đơn vị bị bác bỏ xếp trước, "
    "sau đó là đơn vị chưa xác định, chưa được giám sát và đã xác minh.",
    caption="Công bố {number}: {count} đơn vị thuộc đối tượng",
    verdict="Kết luận",
    lives_on="Nay thuộc",
    nowhere="không đơn vị nào hiện có",
    disputed="Khiếu nại chưa trả lời",
    no_units="Công bố này không có đơn vị.",
)

UNITS = Units(
    heading="Từng đơn vị",
    lead="Trong biểu đồ của mỗi đơn vị, mỗi cột là một ngày, từ nửa đêm ở trên đến nửa đêm ở dưới. Chỗ "
    "để trống nghĩa là không ghi nhận lần mất kết nối nào, không có nghĩa là đường truyền có kết nối: "
    "số phút không rõ ghi trong bảng.",
    key_outage="mất kết nối",
    key_unseen="không quan sát",
    key_planned="bảo trì đã thông báo",
    code="Mã",
    area="Khu vực",
    register="danh mục",
    unmonitored="Đơn vị này không có thiết bị: mọi phút đều không rõ.",
    verdicts="Kết luận",
    figures="Độ khả dụng, mất gói và độ trễ",
    basis="Tính trên",
    gross="mọi phút, 24 \N{MULTIPLICATION SIGN} 7 (gộp)",
    net="trừ bảo trì đã thông báo (thuần)",
    office="giờ làm việc (gộp)",
    uplink="đường truyền",
    availability="Độ khả dụng",
    loss="Tỷ lệ mất gói",
    swift="Số phút ≤ 50 ms",
    rtt="Độ trễ TB",
    up="Có kết nối",
    down="Mất",
    unknown="Không rõ",
    counts="Lần mất kết nối: {outages}. Lần mất thoáng qua: {blips}. Phút bị che khuất: {blind}.",
    strip="Các ngày của {name}: {outages} lần mất kết nối; từng lần ghi trong bảng dưới đây",
    criteria="Tiêu chí",
    criterion="Tiêu chí",
    finding="Kết quả",
    findings={
        Finding.SHOWN: "có bằng chứng",
        Finding.CONTRADICTED: "có bằng chứng trái ngược",
        Finding.NOT_SHOWN: "chưa có bằng chứng",
    },
    graded={
        Finding.SHOWN: "đạt",
        Finding.CONTRADICTED: "không đạt",
        Finding.NOT_SHOWN: "chưa đủ dữ liệu",
    },
    criterion_names={
        Criterion.DECLARED: "đã công bố",
        Criterion.REACHABLE: "có kết nối",
        Criterion.IDENTIFIED: "đúng thiết bị",
        Criterion.FIBRE: "cáp quang",
        Criterion.INTERNET: "internet",
        Criterion.LAN: "mạng nội bộ (LAN)",
        Criterion.QUALITY: "chất lượng",
    },
    at="Bằng chứng mới nhất",
    source="Nguồn và nội dung",
    sources={
        "settled minutes": "các phút đã chốt",
        "document": "văn bản",
        "inspection": "biên bản kiểm tra",
        "acceptance": "biên bản nghiệm thu",
    },
    attested="có người ký xác nhận, không phải số đo",
    outages="Các lần mất kết nối",
    no_outages="Không ghi nhận lần mất kết nối nào.",
    began="Bắt đầu",
    ended="Kết thúc",
    length="Thời gian",
    cause="Nguyên nhân",
    causes={
        Cause.UPSTREAM: "thiết bị phía trên",
        Cause.MAINTENANCE: "bảo trì đã thông báo",
        Cause.POWER: "nguồn điện",
        Cause.RESTART: "khởi động lại",
        Cause.LINK: "đường truyền",
        Cause.ACCESS: "mạng truy nhập",
        Cause.UNDETERMINED: "chưa xác định",
    },
    known="Những gì đã biết",
    goes_on="chưa kết thúc",
    so_far="tạm thời",
    settled="đã chốt",
    root="hỏng ở phía trên:",
    partly_unknown="trong đó {length} không rõ",
    ticket="phiếu sự cố",
    excluded="Bảo trì đã thông báo",
    excluded_text="{name}: từ {start} đến {end}, do {by} thông báo lúc {announced}",
    excluded_minutes="số liệu thuần không tính {minutes} phút",
    too_late="thông báo sau khi đã bắt đầu: không loại trừ phút nào",
    papers="Giấy tờ",
    attestation_kinds={
        AttestationKind.INSPECTION: "Biên bản kiểm tra",
        AttestationKind.ACCEPTANCE: "Biên bản nghiệm thu",
    },
    attestation_text="{criterion}: {finding}, ngày {date}, do {by} lập",
    signed="đã kiểm tra chữ ký của {signer}",
    on_paper="ký trên giấy",
    predecessor="về đơn vị cũ {code}",
    exhibits="tài liệu kèm theo",
    disputes="Khiếu nại",
    dispute_text="Về {claim}, của {by}, lúc {at}",
    deadline="hạn trả lời {deadline}",
    open="chưa trả lời: đơn vị được coi là chưa xác định",
    upheld="khiếu nại đúng",
    dismissed="khiếu nại không được chấp nhận",
    answer_text="{by} trả lời lúc {at}",
    top="Về phần tổng quan",
)

RECORD = Record(
    heading="Sổ ghi và cách kiểm tra",
    proves=(
        (
            "Mọi số liệu đều suy ra từ một sổ ghi: một chuỗi các mục, mỗi mục được niêm phong bằng mã "
            "băm của mục trước. Ở nơi đã thiết lập, mục cuối của chuỗi được ký, được một tổ chức cấp "
            "dấu thời gian đóng dấu và được gửi cho bên ngoài; mục đó gọi là mốc neo."
        ),
        (
            "Điều này chứng tỏ rằng từ khi có mốc neo, những gì sổ ghi có lúc đó không bị sửa, bớt hay "
            "thêm. Nó không chứng tỏ rằng các mục là đúng sự thật hay đầy đủ; và cũng không chứng tỏ "
            "điều gì về những mục sau mốc neo cuối cùng."
        ),
    ),
    check="Cách kiểm tra",
    check_text="Có một bản sao của sổ ghi và các mốc neo, bất kỳ ai cũng tính lại được từng phút, từng "
    "lần mất kết nối và từng kết luận. Không cần cấu hình của đơn vị vận hành:",
    heads="Mục cuối của các chuỗi dùng để lập báo cáo này",
    poller="Điểm đo",
    entry="Mục",
    at="Thời điểm",
    hash="SHA-256",
    no_heads="Không có chuỗi nào để đọc.",
    anchors="Mốc neo",
    no_anchors="Không có mốc neo: ngoài bản thân sổ ghi, không có gì chứng tỏ nó không bị sửa đổi.",
    date="Ngày",
    fits="Sổ ghi",
    fits_yes="vẫn còn mục này",
    fits_no="không còn mục này",
    signed_by="Đã kiểm tra chữ ký của",
    stamped="Dấu thời gian",
    unsigned="không có",
    unstamped="không có",
    registers="Danh mục đơn vị",
    register="Danh mục",
    status="Tình trạng",
    in_use="đang dùng",
    exhibits="Tài liệu đã lưu trữ",
    no_exhibits="Không có tài liệu nào được lưu trữ.",
    file="Tệp",
    title="Tên tài liệu",
    size="Dung lượng",
    by="Người nộp",
    bytes="{size} byte",
)

VIETNAMESE = ReportWords(
    front=FRONT,
    claims=CLAIMS,
    overview=OVERVIEW,
    populations=POPULATIONS,
    units=UNITS,
    record=RECORD,
    definitions=DEFINITIONS,
)
