"""Invented names and figures, always recognisable as samples (示例); no real firm is named."""

from __future__ import annotations

import numpy as np

FIRM_HEADS = [
    "海晟",
    "瑞涛",
    "岚帆",
    "澜科",
    "东屿",
    "启航",
    "望潮",
    "渔歌",
    "云汐",
    "星屿",
    "蓝礁",
    "宁泽",
    "石韵",
    "鹤鸣",
    "松兰",
    "丹枫",
    "晴港",
    "远洲",
    "汇澜",
    "锦帆",
]
FIRM_TAILS = {
    "CAI": "新材料", "NENG": "新能源", "BEI": "海工装备", "QMP": "汽车模具", "FZ": "针织服饰", "JIAN": "建筑科技", "YU": "海洋食品",
    "SHENG": "生物科技", "YOU": "滨海文旅", "XING": "影视制作", "S-FW": "检测服务", "S-NY": "水产养殖", "S-WL": "旅游开发", "S-SM": "供应链",
}  # fmt: skip
FIRM_TAILS_EN = {
    "CAI": "Materials", "NENG": "New Energy", "BEI": "Marine Equipment", "QMP": "Auto Moulds", "FZ": "Knitwear", "JIAN": "Construction Tech",
    "YU": "Seafood", "SHENG": "Biotech", "YOU": "Coastal Tourism", "XING": "Film", "S-FW": "Testing Services", "S-NY": "Aquaculture",
    "S-WL": "Tourism", "S-SM": "Supply Chain",
}  # fmt: skip
PRODUCTS = {
    "CAI": "高性能海洋涂料", "NENG": "海上风电叶片", "BEI": "船用甲板机械", "QMP": "一体化压铸模具", "FZ": "功能性针织面料", "JIAN": "装配式构件",
    "YU": "深海养殖装备", "SHENG": "海洋生物提取", "YOU": "滨海度假", "XING": "数字摄影棚", "S-FW": "检验检测中心", "S-NY": "海水种苗",
    "S-WL": "影视研学", "S-SM": "冷链物流",
}  # fmt: skip


def firm(chain: str, number: int) -> tuple[str, str]:
    """Name of a sample firm in Chinese and English."""
    head = FIRM_HEADS[number % len(FIRM_HEADS)]
    return f"示例·{head}{FIRM_TAILS[chain]}有限公司", f"Sample {FIRM_TAILS_EN[chain]} Co. {number + 1}"


def land_use(park_kind: str, rng: np.random.Generator) -> str:
    """A land-use code (2023 classification) that suits the platform."""
    if park_kind == "featured_town":
        return str(rng.choice(["0901", "090104", "0903", "0902"], p=[0.4, 0.25, 0.2, 0.15]))
    if park_kind == "innovation_base":
        return str(rng.choice(["0902", "0802", "100101", "0901", "0701"], p=[0.3, 0.25, 0.2, 0.15, 0.1]))
    return str(rng.choice(["100101", "100102", "100103", "110101", "0802"], p=[0.24, 0.5, 0.08, 0.12, 0.06]))


FIGURES = {
    "1001": {"far": (1.0, 2.5), "density": (30, 60), "green": (0, 20), "height": 36, "price": (28, 46)},
    "1101": {"far": (0.8, 2.0), "density": (30, 60), "green": (0, 20), "height": 30, "price": (26, 40)},
    "0802": {"far": (1.2, 2.8), "density": (25, 45), "green": (15, 35), "height": 50, "price": (60, 95)},
    "0901": {"far": (1.0, 2.5), "density": (25, 50), "green": (20, 35), "height": 45, "price": (150, 260)},
    "0902": {"far": (1.5, 3.5), "density": (25, 45), "green": (20, 35), "height": 80, "price": (160, 280)},
    "0903": {"far": (0.8, 1.8), "density": (20, 40), "green": (25, 40), "height": 30, "price": (110, 190)},
    "0701": {"far": (1.2, 2.2), "density": (18, 28), "green": (30, 40), "height": 54, "price": (320, 480)},
}
"""Control figures that fit a land-use code (invented, within the usual range): min and max."""


def figures(code: str) -> dict[str, tuple[float, float] | int]:
    """Control figures of a land-use code by its first four digits."""
    return FIGURES.get(code[:4], FIGURES["0901"])  # type: ignore[return-value]
