"""What the figures of a report mean, in Vietnamese (docs/architecture.md: *definitions*)."""

from __future__ import annotations

from netwatch.model.cause import Cause
from netwatch.model.claim import Criterion
from netwatch.publishing.report_words import Definitions

TERMS = (
    (
        "Lượt hỏi",
        (
            "Một lần hỏi một đường truyền, thường là mỗi giây một gói echo. Có trả lời trong thời hạn "
            "là tốt; trả lời muộn hơn nhưng trước khi chốt phút là muộn: đường truyền vẫn có kết nối, "
            "còn lượt hỏi tính là mất. Không có trả lời là mất. Lượt hỏi không gửi được, hoặc khi "
            "đường quan sát bị che khuất, là không hợp lệ: không nói lên điều gì. Lượt hỏi của một đơn "
            "vị là tốt nếu lượt hỏi của một trong các đường truyền của đơn vị là tốt."
        ),
    ),
    (
        "Phút",
        (
            "Mỗi phút được xét một lần, sau khi phút kết thúc một khoảng thời gian (xem tham số). Phút "
            "là có kết nối nếu ít nhất 80 % số lượt hỏi dự kiến hợp lệ và chưa đến một nửa trong số đó "
            "bị mất; là mất kết nối nếu ít nhất 80 % hợp lệ và từ một nửa trở lên bị mất; còn lại là "
            "không rõ. Kết quả đã công khai không bao giờ bị rút lại."
        ),
    ),
    (
        "Lần mất kết nối",
        (
            "Đường truyền là mất kết nối khi có đủ số lượt hỏi bị mất liên tiếp, và có kết nối lại khi "
            "có đủ số lượt hỏi tốt liên tiếp (xem tham số), đều tính từ lượt đầu tiên. Đường truyền "
            "vốn hay mất gói ngẫu nhiên thì cần nhiều lượt mất hơn, tối đa 30. Một đoạn mất kết nối "
            "kéo dài đủ như tham số quy định là một lần mất kết nối; đoạn ngắn hơn là lần mất thoáng "
            "qua và được đếm riêng."
        ),
    ),
    (
        "Độ khả dụng",
        (
            "Trong kỳ có U phút có kết nối, D phút mất kết nối và X phút không rõ, cận dưới là U ÷ (U "
            "+ D + X), cận trên là (U + X) ÷ (U + D + X). Chất lượng là đạt nếu cận dưới đạt giới hạn, "
            "không đạt nếu cận trên thấp hơn giới hạn, còn lại là chưa đủ dữ liệu. Các cận được làm "
            "tròn ra phía ngoài."
        ),
    ),
    (
        "Tỷ lệ mất gói",
        (
            "Số lượt hỏi mất và muộn chia cho số lượt hỏi dự kiến trong các phút đã xét; lượt hỏi "
            "không hợp lệ chỉ tính vào cận trên."
        ),
    ),
    (
        "Số phút ≤ 50 ms, độ trễ trung bình",
        (
            "Số phút có thời gian khứ hồi trung bình từ 50 ms trở xuống chia cho mọi phút; phút không "
            "biết thời gian chỉ tính vào cận trên. Gói bị mất không có thời gian khứ hồi (RFC 2681)."
        ),
    ),
    (
        "Bảo trì đã thông báo",
        (
            "Bảo trì không bao giờ làm bớt phút nào trong số liệu gộp. Số liệu thuần chỉ trừ những đợt "
            "bảo trì đã ghi vào sổ trước khi bắt đầu, và nêu rõ ai đã thông báo."
        ),
    ),
    (
        "Đường quan sát, bị che khuất",
        (
            "Đường đi từ điểm đo đến các đơn vị. Khi các điểm mốc ở đầu gần của đường này không trả "
            "lời, mọi thứ phía sau là không rõ, không bao giờ là mất kết nối: có thể chính phía đo bị "
            "hỏng."
        ),
    ),
    (
        "Kết luận về đơn vị",
        (
            "Đã xác minh: mọi tiêu chí mà công bố đòi hỏi đều có bằng chứng. Bị bác bỏ: một tiêu chí "
            "có bằng chứng trái ngược. Chưa được giám sát: đơn vị không có thiết bị. Chưa xác định: "
            "các trường hợp còn lại, và mọi đơn vị đang có khiếu nại chưa trả lời."
        ),
    ),
    (
        "Kết luận về công bố",
        (
            "Trong N đơn vị, cận dưới là tỷ lệ đơn vị đã xác minh, cận trên là tỷ lệ đơn vị không bị "
            "bác bỏ. Công bố là đạt nếu cận dưới đạt mức công bố, không đạt nếu cận trên thấp hơn mức "
            "đó; còn lại là chưa xác định. Không kết luận khi chưa đủ thời gian tối thiểu của kỳ đã "
            "qua và được quan sát. Kết luận chỉ nói về kỳ đã đo, không bao giờ nói về ngày công bố."
        ),
    ),
    (
        "Đối tượng",
        (
            "Các đơn vị của danh mục tại ngày của công bố. Nếu sau đó các đơn vị được sáp nhập, mỗi "
            "đơn vị cũ vẫn được tính riêng: một trụ sở đại diện cho đơn vị cũ nơi nó đặt, còn đơn vị "
            "cũ không có trụ sở nào gắn thiết bị là chưa được giám sát."
        ),
    ),
    (
        "Các giới hạn được mượn",
        (
            "Độ khả dụng 99,5 % và độ trễ 50 ms lấy từ QCVN 34:2019/BTTTT. Quy chuẩn này áp dụng cho "
            "doanh nghiệp cung cấp dịch vụ băng rộng cố định và ra đời sau các công bố năm 2017: các "
            "giới hạn dùng để xếp loại chất lượng, không nói lên việc đường truyền có tồn tại hay "
            "không."
        ),
    ),
)

VIETNAMESE = Definitions(
    heading="Định nghĩa và tham số",
    lead="Các định nghĩa là của riêng netwatch. Chúng được ghi ở đây để ai cũng hiểu và tính lại được "
    "mọi số liệu ở trên.",
    terms=TERMS,
    criteria="Tiêu chí",
    criteria_rows={
        Criterion.DECLARED: ("văn bản được lưu kèm mã băm", "không có"),
        Criterion.REACHABLE: (
            "những phút có kết nối trong kỳ",
            "không có: im lặng không chứng tỏ điều ngược lại",
        ),
        Criterion.IDENTIFIED: (
            "số sê-ri, tên hoặc loại thiết bị đúng như dự kiến",
            "thiết bị trả lời là một thiết bị khác",
        ),
        Criterion.FIBRE: (
            (
                "công suất quang thu trong khoảng cho phép, hoặc cổng quang, ở giao diện của tuyến mặc "
                "định; số đọc về thiết bị của đơn vị ở đầu cuối nhà mạng; hoặc biên bản nghiệm thu có "
                "chữ ký (khi đó là có người xác nhận)"
            ),
            (
                "đường truyền duy nhất đang hoạt động được chứng tỏ là loại khác (4G, cáp đồng); biên "
                "bản kiểm tra có chữ ký"
            ),
        ),
        Criterion.INTERNET: (
            ("phép thử từ bên trong: do bộ định tuyến của chính đơn vị, hoặc từ một điểm đo đặt tại đơn vị"),
            "phép thử từ bên trong thất bại trong khi thiết bị vẫn có kết nối",
        ),
        Criterion.LAN: (
            (
                "có máy trạm ở ít nhất hai cổng không phải cổng ra ngoài, hoặc chừng đó máy mà cổng ra "
                "internet biết đến, trong ít nhất 10 ngày làm việc của tháng; chỉ lưu số đếm"
            ),
            "biên bản kiểm tra có chữ ký",
        ),
        Criterion.QUALITY: (
            "độ khả dụng, mất gói và độ trễ trong giới hạn của công bố suốt kỳ",
            "một cận không đạt giới hạn",
        ),
    },
    shown_by="Bằng chứng",
    contradicted_by="Bằng chứng trái ngược",
    causes="Nguyên nhân mất kết nối; lấy nguyên nhân đầu tiên phù hợp",
    cause="Nguyên nhân",
    sign="Dấu hiệu",
    cause_rows={
        Cause.UPSTREAM: "mọi thiết bị mà đường truyền của đơn vị đi qua đều mất kết nối từ cùng thời điểm",
        Cause.MAINTENANCE: "đợt bảo trì được thông báo trước khi bắt đầu, và lần mất kết nối bắt đầu "
        "trong đợt đó",
        Cause.POWER: "bộ lưu điện đang chạy ắc quy, hoặc thiết bị tự báo mất nguồn, lúc bắt đầu mất kết nối",
        Cause.RESTART: "thiết bị khởi động trong vòng 20 giây, và không có dấu hiệu nào ở trên giải "
        "thích vì sao",
        Cause.LINK: "cổng của đường truyền bị ngắt, hoặc ánh sáng bị mất hay suy giảm, trong khi thiết "
        "bị vẫn chạy",
        Cause.ACCESS: "thiết bị vẫn chạy, và cổng của nó, quan sát được, không có dấu hiệu bất thường",
        Cause.UNDETERMINED: "không có dấu hiệu nào ở trên; nguyên nhân không bao giờ được đoán",
    },
    parameters="Các tham số có hiệu lực trong kỳ, theo thứ tự",
    parameter="Tham số",
    value="Giá trị {number}",
    down_after="Số lượt hỏi mất liên tiếp để coi là mất kết nối",
    up_after="Số lượt hỏi tốt liên tiếp để coi là có kết nối lại",
    outage_after="Lần mất kết nối ngắn nhất",
    settle_after="Từ khi hết phút đến khi phút được chốt",
    slots="{count} lượt hỏi",
    no_parameters="Trong kỳ không có tiến trình nào ghi vào sổ: không có tham số nào có hiệu lực.",
    office="Giờ làm việc",
    office_text="{hours}, theo giờ {zone}.",
    weekdays={
        "Mon": "thứ Hai",
        "Tue": "thứ Ba",
        "Wed": "thứ Tư",
        "Thu": "thứ Năm",
        "Fri": "thứ Sáu",
        "Sat": "thứ Bảy",
        "Sun": "Chủ nhật",
    },
    holidays="Những ngày trong kỳ các cơ quan nghỉ: {days}.",
    no_holidays="Không có ngày lễ nào rơi vào ngày làm việc của kỳ.",
)
