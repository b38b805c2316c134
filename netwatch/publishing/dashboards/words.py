"""What the boards say, Vietnamese first, English after it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A panel's title and description in both languages."""

    vi: str
    en: str
    what_vi: str
    what_en: str

    @property
    def title(self) -> str:
        """Both titles."""
        return f"{self.vi} / {self.en}"

    @property
    def description(self) -> str:
        """Both descriptions."""
        return f"{self.what_vi} / {self.what_en}"


BOARD = Words(
    "Cam kết và hiện trạng",
    "Claims and what is seen",
    "Từng đơn vị của danh mục: đang chạy, mất kết nối hay không rõ; cam kết được chứng minh tới đâu.",
    "Each unit of the official register: up, down or unknown, and how far a claim is shown.",
)

UP = Words("Đang chạy", "Up", "Số đơn vị đang chạy ngay lúc này.", "Units up now.")
DOWN = Words("Mất kết nối", "Down", "Số đơn vị mất kết nối ngay lúc này.", "Units down now.")
UNKNOWN = Words(
    "Không rõ",
    "Unknown",
    "Đơn vị có thiết bị nhưng lúc này không biết được trạng thái.",
    "Units that have a device, of which nothing valid is known now.",
)
UNMONITORED = Words(
    "Chưa được giám sát",
    "Unmonitored",
    "Đơn vị của danh mục chưa có thiết bị nào.",
    "Units of the register that have no device.",
)
REGISTER = Words(
    "Theo danh mục",
    "Of the register",
    "Tổng số đơn vị của danh mục đang hiệu lực.",
    "All units of the register in force.",
)
OVER_TIME = Words(
    "Trạng thái theo thời gian",
    "States over time",
    "Các đơn vị có thiết bị, theo trạng thái.",
    "Units that have a device, by state.",
)
EACH_UNIT = Words(
    "Từng đơn vị",
    "Each unit",
    "Mọi đơn vị của danh mục: trạng thái, và mất kết nối từ lúc nào.",
    "Every unit of the register: its state, and since when it is down.",
)

VERDICT = Words(
    "Kết luận",
    "Verdict",
    "Đạt khi cận dưới đạt mức công bố; không đạt khi cận trên không tới mức đó.",
    "Holds where the lower bound reaches what was declared; does not hold where the upper misses it.",
)
DECLARED = Words("Công bố", "Declared", "Theo văn bản.", "As the document states it.")
LOWER = Words("Cận dưới", "Lower bound", "Phần đã được chứng minh.", "The share that is shown.")
UPPER = Words("Cận trên", "Upper bound", "Phần chưa bị bác bỏ.", "The share that is not refuted.")
BY_VERDICT = Words(
    "Đơn vị theo kết luận",
    "Units by verdict",
    "Các đơn vị mà cam kết nói đến, theo danh mục tại ngày công bố.",
    "The units that the claim is about, by the register of its date.",
)
BOUNDS = Words(
    "Hai cận theo thời gian",
    "Both bounds over time",
    "Khoảng giữa hai cận là điều chưa biết.",
    "What lies between the bounds is not known.",
)

AVAILABLE = Words(
    "Độ khả dụng, cận dưới",
    "Availability, lower bound",
    "Phút đã chốt là có kết nối trên mọi phút, trong khoảng đang xem.",
    "Settled minutes up of all minutes, in the range shown.",
)
PERHAPS_AVAILABLE = Words(
    "Độ khả dụng, cận trên",
    "Availability, upper bound",
    "Phút không rõ được tính là có kết nối.",
    "Unknown minutes counted as up.",
)
OUTAGES = Words(
    "Số lần mất kết nối",
    "Outages",
    "Từ 30 giây trở lên, đã kết thúc, trong khoảng đang xem.",
    "Of 30 s and more, ended, in the range shown.",
)
BLIPS = Words(
    "Chập chờn",
    "Blips",
    "Mất kết nối ngắn hơn 30 giây, trong khoảng đang xem.",
    "Down for less than 30 s, in the range shown.",
)

LOSS = Words(
    "Mất gói: 10 thiết bị kém nhất",
    "Loss: the worst ten",
    "Tỷ lệ mất gói của phút vừa qua.",
    "Share of echoes lost in the last minute.",
)
RTT = Words(
    "Độ trễ: 10 thiết bị chậm nhất",
    "RTT: the slowest ten",
    "Trung bình của phút vừa qua; gói mất không có độ trễ.",
    "Mean of the last minute; a lost echo has none.",
)
RTT_OF_ALL = Words(
    "Độ trễ của mọi đơn vị",
    "RTT of all units",
    "Trung vị và phân vị 95.",
    "Median and 95th percentile.",
)
