"""The switches in the control room's own words: setting → what it does, and option → what that does."""

from __future__ import annotations

SETTING_WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "skin": (
        "画面のつくり",
        {
            "normal": "ふだんどおり",
            "reshuffled": "並びとクラス名が変わった",
            "renamed": "見出しが変わった",
            "missing": "大事な列がなくなった",
        },
    ),
    "slow_seconds": ("返事を遅らせる（秒）", {}),
    "fail_next": ("次の何回かを失敗させる", {}),
    "fail_kind": (
        "失敗のしかた",
        {
            "503": "503 混みあっています",
            "429": "429 アクセスしすぎ",
            "500": "500 エラー",
            "drop": "回線が切れる",
        },
    ),
    "expire_after_requests": ("何ページでログインが切れるか（0は切れない）", {}),
    "return_after_login": ("ログインのあと元のページに戻る", {}),
    "refuse_tokens": ("次の何回かの送信を「期限切れ」にする", {}),
    "maintenance": ("メンテナンス中にする", {}),
    "upload_outcome": (
        "アップロードの結果",
        {
            "normal": "ふつう",
            "error_after_accept": "受け付けたのに「通信エラー」",
            "lost_after_accept": "受け付けたのに返事が届かない",
            "refused_token": "期限切れで断る",
        },
    ),
    "bad_rows": (
        "一部の行が誤っているとき",
        {"accept_good": "正しい行だけ受け付ける", "refuse_file": "全部断る"},
    ),
    "max_rows": ("一度に受け付ける行数", {}),
    "max_megabytes": ("一度に受け付けるMB", {}),
    "show_after_minutes": ("アップロードから出品開始まで（分）", {}),
    "sell_while_reading": ("一覧を読んでいる間に売れる数（2ページ目以降で1度）", {}),
}
