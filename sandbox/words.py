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
    "fail_where": (
        "どれを失敗させるか（競りナビとPro）",
        {"any": "どれでも", "page": "画面だけ", "data": "画面が読みこむデータだけ"},
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
            "error_not_accepted": "受け付けずに「通信エラー」",
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
    "items_after_seconds": ("競りナビ：アップロードから商品が現れるまで（秒）", {}),
    "loading_seconds": ("競りナビとPro：読みこみ中の表示（秒）", {}),
    "stale_seconds": ("競りナビとPro：古い一覧を見せつづける（秒）", {}),
    "write_outcome": (
        "ステータス・取り消し・出品・出荷などの操作の結果",
        {
            "normal": "ふつう",
            "error_after_accept": "受け付けたのに「通信エラー」",
            "lost_after_accept": "受け付けたのに返事が届かない",
            "error_not_accepted": "受け付けずに「通信エラー」",
        },
    ),
    "withdraw_with_bids": ("入札があっても、ストアが取り消せる", {}),
    "refuse_listings": ("競りナビ：次の何件かを出品のときに断る", {}),
    "order_api": ("注文APIを使える", {}),
    "api_session_ends": (
        "注文API：12時間たつと",
        {"refresh": "更新トークンが無効になる", "order_api": "更新はできるが注文APIが断る"},
    ),
    "signature_seconds": ("注文API：公開鍵認証の時刻のずれを許す秒数", {}),
    "api_queries_per_second": ("注文API：1秒あたりの回数（0は無制限）", {}),
    "sell_while_reading": ("一覧を読んでいる間に売れる数（2ページ目以降で1度）", {}),
}
