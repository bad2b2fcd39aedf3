"""Words the demo company is made of: categories, product families, places, companies and people, in English and Chinese."""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A product category: its items are `first` x `second`; prices in CNY, `weekly` is revenue a week in million CNY."""

    prefix: str
    name: str
    name_zh: str
    first: tuple[tuple[str, str, str], ...]  # code, English, Chinese
    second: tuple[tuple[str, str, str], ...]
    made: int
    prices: tuple[float, float]
    weekly: float
    cover_weeks: float  # stock aimed at before lots
    season: tuple[float, float]  # amplitude, peak as share of the year


def _series(values: str, code: str, english: str, chinese: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((code.replace("#", v), english.replace("#", v), chinese.replace("#", v)) for v in values.split())


CATEGORIES = (
    Category("SD", "Servo drives", "伺服驱动器",
        _series("400 200 750 100 1000 1500 50 2000 3000 5000 7500", "#", "Servo drive # W", "伺服驱动器 # W"),
        (("", "", ""), ("EC", "EtherCAT", "EtherCAT"), ("AB", "absolute", "绝对值"), ("SF", "safety", "安全型")),
        22, (900, 16000), 3.40, 2.5, (0.10, 0.92)),
    Category("GM", "Gear motors", "减速电机",
        _series("60 80 90 40 115 142 180 220", "#", "Gear motor #", "减速电机 #"),
        (("", "", ""), ("I5", "i5", "速比5"), ("I10", "i10", "速比10"), ("I20", "i20", "速比20"), ("I40", "i40", "速比40")),
        18, (1200, 14000), 2.70, 3.2, (0.08, 0.88)),
    Category("PP", "Process pumps", "流程泵",
        _series("50 20 80 32 100 10 150 5 200", "#", "Pump # m³/h", "流程泵 # m³/h"),
        (("", "", ""), ("SS", "stainless", "不锈钢"), ("DX", "duplex", "双相钢"), ("PT", "PTFE lined", "衬氟")),
        14, (3200, 38000), 2.10, 3.5, (0.12, 0.45)),
    Category("AC", "Actuators", "执行器",
        _series("400 200 600 100 800 1200 2000 3000", "#", "Actuator #", "执行器 #"),
        (("", "", ""), ("RT", "rotary", "旋转式"), ("FS", "fail-safe", "故障安全"), ("CP", "compact", "紧凑型")),
        10, (1500, 19000), 1.70, 3.3, (0.07, 0.75)),
    Category("CT", "Controllers", "控制器",
        tuple((m.replace("-", ""), f"Controller {m}", f"控制器 {m}")
              for m in ("PC-7", "PC-5", "MC-8", "PC-3", "IO-32", "PC-9", "MC-4", "IO-16")),
        (("", "", ""), ("DN", "DeviceNet", "DeviceNet"), ("PN", "Profinet", "Profinet"), ("X", "extended", "扩展型")),
        8, (1100, 22000), 1.40, 3.0, (0.06, 0.95)),
    Category("VL", "Valves", "阀门",
        (("ACT", "Actuated valve", "电动调节阀"), ("BAL", "Ball valve", "球阀"), ("BUT", "Butterfly valve", "蝶阀"),
               ("GLO", "Globe valve", "截止阀"), ("CHK", "Check valve", "止回阀")),
        _series("50 25 80 40 100 15 65", "#", "DN#", "DN#"),
        0, (320, 9000), 1.00, 4.3, (0.08, 0.40)),
    Category("SP", "Spares & seals", "备件与密封",
        (("SEAL", "Seal kit", "密封套件"), ("BRG", "Bearing set", "轴承组"), ("GSK", "Gasket set", "垫片组"),
               ("FLT", "Filter cartridge", "滤芯"), ("BLT", "Timing belt", "同步带"), ("FAN", "Cooling fan", "冷却风扇"),
               ("BRK", "Brake disc", "制动盘"), ("CPL", "Coupling insert", "联轴器弹性体")),
        _series("2 1 3 4 5 6", "#", "size #", "#号"),
        0, (210, 2400), 0.70, 10.5, (0.03, 0.30)),
)  # fmt: skip

COMPONENTS = ("CP", "Components", "零部件")
MODULES = (
    ("Power module", "功率模块"), ("Stator assembly", "定子总成"), ("Rotor assembly", "转子总成"), ("Gearbox stage", "减速级"),
    ("Pump head", "泵头总成"), ("Drive board", "驱动板"), ("Actuator body", "执行器本体"), ("Control unit", "控制单元"),
    ("Bearing housing unit", "轴承座总成"), ("Encoder unit", "编码器单元"),
)  # fmt: skip
SUBS = (
    ("Winding", "绕组"), ("Impeller set", "叶轮组"), ("PCB populated", "贴片电路板"), ("Planet carrier", "行星架"),
    ("Shaft assembly", "轴总成"), ("Heat sink unit", "散热器组"), ("Spindle nut", "丝杠螺母"), ("Cable harness", "线束"),
)  # fmt: skip
PARTS = (
    ("Machined shaft", "机加工轴"), ("Housing casting", "壳体铸件"), ("Ring gear", "内齿圈"),
    ("Flange plate", "法兰盘"), ("Lamination stack", "冲片叠"), ("Base plate", "底板"),
)  # fmt: skip
SENSORS = (
    ("Encoder 17 bit", "编码器17位"), ("Encoder 23 bit", "编码器23位"), ("Pressure sensor", "压力传感器"), ("Flow sensor", "流量传感器"),
    ("Temperature probe", "温度探头"), ("Proximity switch", "接近开关"), ("Motor cable", "电机电缆"), ("Encoder cable", "编码器电缆"),
    ("Line filter", "电源滤波器"), ("Brake resistor", "制动电阻"), ("Holding brake", "抱闸"),
)  # fmt: skip
RAWS = (
    ("Bearing", "轴承"), ("Magnet", "磁钢"), ("Copper wire", "铜线"), ("Steel bar", "圆钢"), ("IGBT", "IGBT模块"), ("Capacitor", "电容"),
    ("Microcontroller", "微控制器"), ("Connector", "连接器"), ("O-ring", "O形圈"), ("Screw set", "螺钉组"), ("Aluminium profile", "铝型材"),
    ("Casting blank", "毛坯铸件"), ("Shaft seal", "油封"), ("Gear blank", "齿坯"), ("Resin", "树脂"), ("Terminal block", "接线端子"),
)  # fmt: skip
WORK_CENTERS = (
    ("Machining", "机加工"), ("Winding", "绕线"), ("Electronics", "电子贴装"),
    ("Assembly A", "装配A线"), ("Assembly B", "装配B线"), ("Test bench", "测试台"),
)  # fmt: skip
WAREHOUSES = (
    ("KS", "Kunshan plant", "昆山工厂仓"), ("SH", "Shanghai hub", "上海仓"),
    ("SZ", "Shenzhen hub", "深圳仓"), ("CD", "Chengdu hub", "成都仓"),
)  # fmt: skip

# First word of a company: English, Chinese.
STEMS = (
    "Yunhe 云禾|Suntai 盛泰|Huaxin 华信|Jinlong 金隆|Ruida 瑞达|Tianhe 天和|Hengtong 恒通|Zhongke 中科|Liyuan 力源|Dongfang 东方|Mingde 明德|"
    "Anbang 安邦|Kaida 凯达|Weiye 伟业|Chenguang 晨光|Bohai 渤海|Qiming 启明|Longteng 龙腾|Xinyuan 新源|Fuhua 富华|Guangming 光明|Haoyu 浩宇|"
    "Jiahe 嘉和|Lantian 蓝天|Nanfang 南方|Puda 普达|Qihang 启航|Shuntong 顺通|Taihang 太行|Wanli 万里|Xiangrui 祥瑞|Yongxin 永鑫|Zhengda 正达|"
    "Beichen 北辰|Changfeng 长风|Dingsheng 鼎盛|Feiyue 飞跃|Gaoke 高科|Hongtu 宏图|Jiuzhou 九州"
)
FIELDS = (
    "Automation 自动化|Machinery 机械|Packaging 包装设备|Chemical 化工|Foods 食品|Robotics 机器人|Environmental 环保|Electronics 电子|"
    "Textile 纺织机械|Pharma 制药|Energy 能源|Printing 印刷|Water 水务|Logistics 物流设备|Automotive 汽车零部件"
)
FOREIGN = (
    "Halden Orion Meridian Brightline Nordvik Castell Almendra Vantor Kestrel Aldermoor Ferrox Lindqvist Tasman Corvane Ostara Pellworm Rhenus "
    "Silverton Tamarack Ulmen Vesper Wexford Yarrow Zellner Ashgrove Belmonte Cardinal Dunmore Elbring Falkner Granite Hartwell Ironbridge "
    "Juniper Kirkby Lakeshore Montrose Northgate Oakfield Pinecrest"
)
TOP_CUSTOMERS = (
    ("Halden Robotics", "哈尔登机器人", "DE"), ("Orion Packaging", "猎户包装", "US"), ("Meridian Foods", "美瑞食品", "CN"),
    ("Yunhe Automation", "云禾自动化", "CN"), ("Brightline Labs", "亮线实验设备", "US"), ("Suntai Chemical", "盛泰化工", "CN"),
)  # fmt: skip
PLACES = (
    ("Jiangsu", "Suzhou", "苏州", 1), ("Shanghai", "Shanghai", "上海", 1), ("Zhejiang", "Hangzhou", "杭州", 1), ("Zhejiang", "Ningbo", "宁波", 1),
    ("Jiangsu", "Wuxi", "无锡", 0), ("Jiangsu", "Nanjing", "南京", 0), ("Shandong", "Qingdao", "青岛", 0), ("Beijing", "Beijing", "北京", 0),
    ("Tianjin", "Tianjin", "天津", 0), ("Guangdong", "Shenzhen", "深圳", 2), ("Guangdong", "Foshan", "佛山", 2), ("Guangdong", "Dongguan", "东莞", 2),
    ("Fujian", "Xiamen", "厦门", 2), ("Sichuan", "Chengdu", "成都", 3), ("Chongqing", "Chongqing", "重庆", 3), ("Hubei", "Wuhan", "武汉", 3),
)  # fmt: skip
ABROAD = (
    ("DE", "Bavaria", "Munich", "EUR", "GmbH"), ("DE", "Hesse", "Kassel", "EUR", "GmbH & Co. KG"), ("FR", "Rhône", "Lyon", "EUR", "SAS"),
    ("IT", "Emilia", "Bologna", "EUR", "S.p.A."), ("US", "Ohio", "Dayton", "USD", "Inc."), ("US", "Texas", "Houston", "USD", "LLC"),
    ("KR", "Gyeonggi", "Suwon", "USD", "Co., Ltd."), ("VN", "Bac Ninh", "Bac Ninh", "USD", "Co., Ltd."), ("JP", "Aichi", "Nagoya", "JPY", "K.K."),
    ("JP", "Osaka", "Osaka", "JPY", "K.K."),
)  # fmt: skip
SEGMENTS = ("OEM", "System integrator", "End user", "Distributor")
OWNERS = (
    "Li Wei",
    "Zhang Min",
    "Chen Yu",
    "Wang Fang",
    "Liu Yang",
    "Zhao Lei",
    "Sun Qian",
    "Anna Keller",
    "Tom Baker",
    "Sato Ken",
)
GIVEN = [
    "Wei",
    "Min",
    "Fang",
    "Lei",
    "Yang",
    "Jun",
    "Qian",
    "Hao",
    "Ying",
    "Tao",
    "Anna",
    "Tom",
    "Ken",
    "Maria",
    "Paul",
    "Julia",
    "Marco",
    "Eva",
    "Jin",
    "Hana",
]
FAMILY = [
    "Wang",
    "Li",
    "Zhang",
    "Chen",
    "Liu",
    "Zhao",
    "Huang",
    "Zhou",
    "Wu",
    "Xu",
    "Keller",
    "Baker",
    "Sato",
    "Rossi",
    "Martin",
    "Novak",
    "Kim",
    "Tran",
    "Weber",
    "Moore",
]
SUPPLIERS = [
    "Shengda Castings",
    "Anhui Copper",
    "Precision Bearings Wuxi",
    "Delta Magnetics",
    "Nantong Steel",
    "Shenzhen Semicon",
    "Kyoto Seals",
    "Rhine Controls",
    "Foshan Aluminium",
    "Ningbo Fasteners",
    "Taizhou Valves",
    "Xiamen Cables",
    "Dalian Forgings",
    "Hefei Electronics",
    "Milano Pompe",
    "Jinan Gears",
    "Changzhou Motors",
    "Wenzhou Valve Works",
    "Dongguan Plastics",
    "Qingdao Rubber",
    "Osaka Sensors",
    "Leipzig Antriebe",
    "Baoding Fans",
    "Zibo Ceramics",
]
