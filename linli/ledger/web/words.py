"""What pages call things: the names of states, kinds, doubts and roles in Chinese."""

from __future__ import annotations

from linli.ledger.declarations.steps import Stage
from linli.ledger.notice.progress import HowFar
from linli.ledger.phones.refusals import PhoneRefusal
from linli.ledger.review.risk import Doubt
from linli.ledger.staff.roles import Role
from linli.ledger.standard.changes import written
from linli.ledger.standard.wording import PERIODS, RECORDS, duration_words, limit_words
from linli.ledger.surveys.questions import Kind
from linli.ledger.surveys.reading import State

STATE = {"pending": "待审核", "posted": "已认定", "voided": "已驳回"}
KIND = {"cadre": "党员干部", "unit": "驻区单位", "resident": "居民"}
CHOICE = {"post": "认定", "void": "驳回", "return": "退回补充"}
CARD = {"active": "在用", "blocked": "已挂失", "replaced": "已换卡"}
CLOSED = {None: "在册", "left": "已迁出", "merged": "已合并", "erased": "已注销"}
CHIP = {"ntag213": "普通卡", "ntag424": "加密卡"}
FIELD = {"name": "姓名", "phone": "手机", "id_tail": "身份证末四位", "birthday": "生日"}
PERIOD, RECORD = PERIODS, RECORDS
LIMIT, DURATION, WRITTEN = limit_words, duration_words, written
SURVEY = {
    State.DRAFT: "还没开放",
    State.WAITING: "等待开始",
    State.OPEN: "正在填写",
    State.CLOSED: "已结束",
}
QUESTION = {
    Kind.SINGLE: "单选",
    Kind.MULTIPLE: "多选",
    Kind.SCALE: "赞成程度",
    Kind.TEXT: "简短文字",
}
STEPS = ("很不赞成", "不太赞成", "无所谓", "比较赞成", "很赞成")
LEVEL = {"street": "街道", "community": "社区", "building": "楼栋", "household": "户"}
STAGE = {
    HowFar.WAITING: "待审核",
    HowFar.RETURNED: "退回补充",
    HowFar.OVER_LIMIT: "超过次数",
    HowFar.REFUSED: "已驳回",
    HowFar.WITHDRAWN: "已作废",
    HowFar.POSTED: "已认定",
    HowFar.ON_NOTICE: "公示中",
    HowFar.SPENDABLE: "可兑换",
    HowFar.TAKEN_BACK: "已收回",
}
STAGE_MEANS = {
    HowFar.WAITING: "考评小组每周审核一次，请等结果。",
    HowFar.RETURNED: "缺少材料。补好以后回到原来的位置，不用重新排队；积分服务台可以帮您补。",
    HowFar.OVER_LIMIT: "这个事项的次数已经用完，记录保留，暂不计分。",
    HowFar.REFUSED: "考评小组没有认定，不计分。",
    HowFar.WITHDRAWN: "活动取消，或刷卡记录更正过，这一条不再算数。",
    HowFar.POSTED: "考评小组已认定，下一次月度公示时公示。",
    HowFar.ON_NOTICE: "正在公示，期满没有异议就可以兑换。",
    HowFar.SPENDABLE: "公示期满，积分可以兑换。",
    HowFar.TAKEN_BACK: "认定以后发现有误，积分已收回。",
}
WAY = {"card": "终端刷卡", "phone": "手机", "desk": "服务台"}
OBJECTION = {"waiting": "待答复", "upheld": "成立", "dismissed": "不成立"}
NOTICE = {"showing": "公示中", "over": "待封账", "sealed": "已封账"}
OUTCOME = {None: "等第二人签字", "signed": "已签字", "refused": "已退回"}
STEP = {
    Stage.RECORDED: ("刷卡记下来了", ""),
    Stage.SUBMITTED: ("您交了申报", ""),
    Stage.ENTERED: ("服务台录入", ""),
    Stage.SIGNED: ("第二位工作人员签字", ""),
    Stage.SEEN: ("考评小组看到了", "等考评小组查看"),
    Stage.RETURNED: ("退回，请补充", ""),
    Stage.COMPLETED: ("补充了材料", "等您补充"),
    Stage.POSTED: ("已认定", ""),
    Stage.VOIDED: ("没有认定", ""),
    Stage.WITHDRAWN: ("记录已撤回", ""),
    Stage.DECIDED: ("已审核", "考评小组每周审核"),
    Stage.ON_NOTICE: ("登上月度公示", "月度公示"),
    Stage.OBJECTED: ("有邻居提出异议", ""),
    Stage.ANSWERED: ("异议已答复，仍然认定", "考评小组答复异议"),
    Stage.TAKEN_BACK: ("异议成立，积分收回", ""),
    Stage.SEALED: ("公示期满，可以兑换了", "公示期满，可以兑换"),
}
"""What happened to a deed, and how it is called while it is still ahead."""
NOW = {
    Stage.RECORDED: "等审核",
    Stage.SUBMITTED: "等审核",
    Stage.ENTERED: "等签字",
    Stage.SIGNED: "等审核",
    Stage.SEEN: "考评小组看到了",
    Stage.RETURNED: "退回，请您补充",
    Stage.COMPLETED: "补充了，等审核",
    Stage.POSTED: "已认定，等公示",
    Stage.VOIDED: "没有认定",
    Stage.WITHDRAWN: "记录已撤回",
    Stage.ON_NOTICE: "正在公示",
    Stage.OBJECTED: "有异议，等答复",
    Stage.ANSWERED: "异议已答复",
    Stage.TAKEN_BACK: "积分已收回",
    Stage.SEALED: "可以兑换了",
}
"""How far a deed is, by the last step that was done."""
EMPLOYED = {"employed": "在岗", "must-change": "待改密码", "ended": "已离岗"}
ROLE = {
    Role.CLERK: "服务台工作人员",
    Role.MEMBER: "考评小组成员",
    Role.LEADER: "考评小组组长",
    Role.AUDITOR: "监督员",
    Role.MAINTAINER: "设备维护员",
    Role.ADMINISTRATOR: "系统管理员",
}
DOUBT = {
    Doubt.STOPPED_CARD: "挂失的卡",
    Doubt.TWO_PLACES: "同时在两地",
    Doubt.BY_HAND: "手工录入",
    Doubt.OUTSIDE_WINDOW: "不在签到时间",
    Doubt.CLOCK: "时间不确定",
    Doubt.OVER_LIMIT: "超过次数上限",
    Doubt.LOW_TRUST: "低信任卡",
    Doubt.DECLARED: "手机申报",
    Doubt.NO_SIGN_OUT: "没有签退",
    Doubt.LATE: "迟到的记录",
    Doubt.RE_DATED: "改过时间",
}
DEVICE = {"terminal": "终端", "board": "电子屏"}
SHADOW_STATE = {
    "trying": "正在试用，一分钟后见分晓",
    "applied": "已生效",
    "refused": "没有采用",
    "failed": "试用没有通过，已自动恢复原来的设置",
}
SHADOW_FAULT = {
    "not-readable": "终端读不懂这份设置",
    "too-large": "这份设置太大",
    "unknown-key": "终端不认识其中一项，可能程序版本太旧",
    "wrong-value": "其中一项的值不对",
    "no-display": "找不到指定的屏幕",
    "not-drawn": "画面没有显示出来",
    "no-database": "终端自己的数据库打不开",
    "no-broker": "用新的地址连不上消息服务器或账本",
    "interrupted": "试用时程序两次中断（停电或出错）",
    "not-saved": "终端的存储卡写不进去",
}
TWICE = {
    "boot": "先启动的程序，在后启动的之后又说话了",
    "fork": "记录分成了两支：有一批和先到的接不上",
    "enrol": "有人拿着它的密钥来登记新终端",
}
URGENCY = {3: "马上处理", 2: "今天处理", 1: "有空处理"}
URGENCY_FROM = {3: "只要“马上处理”的", 2: "“今天处理”和更急的", 1: "全部告警"}
ALERT_ROUTE = {
    "email": "电子邮件",
    "webhook": "网络接口（webhook）",
    "robot": "企业微信、钉钉群机器人",
}
ALERT_QUIET = {"maintained": "转入维护", "retired": "已停用", "covered": "并入更大范围的离线"}
QUARANTINE = {
    "flood": "它发来的消息多到不正常，已经挡住其他终端的路",
    "pile": "它发来的、账本看不懂的消息堆得太多",
}
PARKED = {
    "unreadable": "读不懂",
    "unknown-terminal": "终端没有登记",
    "wrong-name": "名称对不上",
    "wrong-signature": "签名不对",
    "too-large": "太大",
    "too-many": "同一个人同一活动刷得太多",
    "quarantined": "隔离中",
    "fork": "前后接不上",
    "conflict": "同一编号内容不同",
    "malformed": "格式不对",
    "unknown-type": "不认识的种类",
    "unknown-account": "没有这个账户",
    "unknown-activity": "没有这个活动",
    "unknown-card": "没有这张卡",
    "unknown-lease": "没有这笔预支",
    "unknown-order": "没有这笔兑换",
    "refused": "按规则办不了",
    "unprocessable": "处理不了",
}
DUTY = {
    "checkpoint": "签署公开账本",
    "freeze": "月度公示",
    "seal": "公示期满入账",
    "award": "年度评选提名",
    "vouchers": "退回到期券的积分",
    "settlement": "商户月结",
    "window": "开放季度兑换",
    "closing": "结束季度兑换",
}
DOOR_TROUBLE = {
    "jam": "柜门卡住",
    "no-answer": "柜门没有回应",
    "unclear": "弄不清取走没有",
    "unpaid": "积分退了又取走了",
    "twice": "柜台发过又取走了",
}
DOOR_TODO = {
    "jam": "修好柜门，东西放好，到“兑换柜”登记已装好。",
    "no-answer": "查看锁板和接线，修好后到“兑换柜”登记已装好。",
    "unclear": "到柜前看东西还在不在，也可以问一问本人。",
    "unpaid": "清点这扇门里的东西，和本人核对。",
    "twice": "清点这扇门里的东西，和本人核对。",
}
CAME_OF_IT = {
    "nothing": "没有动积分",
    "waits": "积分已扣，等您查看",
    "back": "积分已退回本人，货已回架",
    "handed": "之前已经领走，积分没有退",
}
FOUND = {"out": "东西已取走", "back": "没有取走"}
WARE = {"good": "物品", "service": "服务"}
VOUCHER = {"issued": "未使用", "used": "已核销", "refunded": "已退回", "expired": "已过期"}
AWARD = {"star": "积分之星", "neighbour": "社区好邻居"}
BOARD_PAGE = {
    "resident": "居民排名",
    "cadre": "党员干部排名",
    "unit": "驻区单位排名",
    "building": "楼栋排名",
    "deeds": "最新好事",
    "notice": "本月公示",
    "tomorrow": "明天的活动",
    "story": "邻里故事",
    "standard": "标准调整",
    "shop": "积分兑换（兑换期内）",
}
PER = {"week": "本周", "month": "本月", "year": "今年"}
STORY = {"waiting": "等人复核", "shown": "展示中", "down": "已撤下"}
LEAF = {"posted": "认定", "corrected": "更正"}
DOUBT_MEANS = {
    Doubt.STOPPED_CARD: "这张卡当时已经挂失，可能不是本人在用。",
    Doubt.TWO_PLACES: "同一时间在两个地方刷过卡，路上来不及。",
    Doubt.BY_HAND: "没有刷卡，是工作人员手工录入的，请核对凭证和两位签字人。",
    Doubt.OUTSIDE_WINDOW: "刷卡时不在活动的签到时间里。",
    Doubt.CLOCK: "终端当时的时钟没有校准，时间只能作参考。",
    Doubt.OVER_LIMIT: "已超过这个事项的次数上限，只能驳回，或等前面的驳回后再看。",
    Doubt.LOW_TRUST: "普通卡只有卡号，可能被复制。",
    Doubt.DECLARED: "本人在手机上申报，没有刷卡记录，请看照片和说明。",
    Doubt.NO_SIGN_OUT: "只有签到，没有签退，不知道待了多久。",
    Doubt.LATE: "做完一天以后才报上来：终端断过网，或者是后来补报的。",
    Doubt.RE_DATED: "终端校准时钟以后，这条记录的时间改过。",
}
PHONE_REFUSAL = {
    PhoneRefusal.NO_TICKET: "这个二维码或编码不对。请回到终端再刷一次卡，重新扫码。",
    PhoneRefusal.CLOCK: "终端的时间还没有对准，暂时不能关联。请过一会儿再刷一次卡。",
    PhoneRefusal.EXPIRED: "二维码已过期（只有十分钟有效）。请再刷一次卡，重新扫码。",
    PhoneRefusal.USED: "这个二维码已经用过了。要关联另一部手机，请再刷一次卡。",
    PhoneRefusal.LOW_TRUST: "这种卡有可能被人复制，请到积分服务台当面办理。",
    PhoneRefusal.CARD_STOPPED: "这张卡已经挂失，不能用来关联手机。请到积分服务台办理。",
    PhoneRefusal.NOT_THEIRS: "卡片、账户和终端对不上，没有关联。请到积分服务台办理。",
    PhoneRefusal.CLOSED: "这个积分账户已经停用，不能关联手机。请到积分服务台问一问。",
}
