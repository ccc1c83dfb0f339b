import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import type { PageContract, Reading } from "../../src/core/contracts/contract.ts";
import { readPage } from "../../src/core/contracts/engine.ts";

const URL = "https://store.example/list";

const LIST: PageContract = {
  id: "test_list",
  version: 1,
  profile: "classic",
  phase: "selling",
  about: "a list for tests",
  load: "fetch",
  url: `${URL}?page={page}`,
  pages: [URL],
  login: { origins: ["https://login.example"], markers: [{ selector: "form#login" }] },
  store: { sources: [{ selector: "#me", attribute: "data-store" }], personal: [{ selector: "#me", text: "個人" }] },
  identity: [{ selector: "h1", text: "出品中" }],
  list: {
    rows: ["tr.item", "tbody tr[data-id]"],
    ignore: ["tr.ad"],
    empty: [{ selector: "p", contains: "ありません" }],
    next: [{ selector: "a", text: "次" }],
    page: [{ selector: "b.now" }],
    fields: {
      auction_id: { sources: [{ column: ["ID"] }, { selector: "[data-auction]", attribute: "data-auction" }], type: "id", required: true },
      title: { sources: [{ column: ["商品名", "タイトル"] }], type: "text", required: true },
      price: { sources: [{ column: ["価格"] }], type: "jpy", required: true },
      number: { sources: [{ column: ["管理番号"] }], type: "text", required: false, empty_texts: ["-"] },
    },
  },
};

const HEAD = "<tr><th>ID</th><th>商品名</th><th>価格 ▲</th><th>管理番号</th></tr>";
const ROWS = `
  <tr class="item"><td data-auction="m1">m1</td><td>腕時計</td><td>1,200円</td><td>A-1</td></tr>
  <tr class="item"><td data-auction="m2">m2</td><td>皿 &amp; 鉢</td><td>980円</td><td>-</td></tr>`;

function page(table: string, around = "<b class=now>1</b><a href=?page=2>次</a>"): string {
  return `<h1>出品中</h1><i id=me data-store=mihon>店</i>${around}<table>${table}</table>`;
}

function read(html: string, { contract = LIST, finalUrl = `${URL}?page=1`, shown = 1 as number | null } = {}): Reading {
  const { document } = new JSDOM(html).window;
  return readPage(contract, { document, finalUrl, page: shown, observedAt: new Date("2026-11-23T00:00:00Z") });
}

function missingOf(reading: Reading): string[] {
  return reading.kind === "drift" ? reading.missing : expect.fail(`not a drift but ${reading.kind}`);
}

describe("a list", () => {
  it("is read by its header texts", () => {
    expect(read(page(HEAD + ROWS))).toEqual({
      kind: "rows",
      store: "mihon",
      more: true,
      fallbackUsed: [],
      rows: [
        { auction_id: "m1", title: "腕時計", price: 1_200, number: "A-1" },
        { auction_id: "m2", title: "皿 & 鉢", price: 980, number: null },
      ],
    });
  });

  it("is read the same with its columns in another order", () => {
    const swapped = `<tr><th>価格</th><th>ID</th><th>管理番号</th><th>タイトル</th></tr>
      <tr class=item><td>1,200円</td><td data-auction=m1>m1</td><td>A-1</td><td>腕時計</td></tr>`;
    expect(read(page(swapped))).toMatchObject({
      rows: [{ auction_id: "m1", title: "腕時計", price: 1_200, number: "A-1" }],
    });
  });

  it("is not taken for the last page when the link to the next one has another name", () => {
    const renamed = "<b class=now>1</b><a href=?page=2>つぎへ</a>";
    expect(missingOf(read(page(HEAD + ROWS, renamed)))).toEqual(["next: a later page is linked under another name"]);
    const last = "<b class=now>2</b><a href=?page=1>前</a><a href=/other?page=9>ほか</a><a href=?page=2>2</a>";
    expect(read(page(HEAD + ROWS, last), { shown: 2 })).toMatchObject({ kind: "rows", more: false });
  });

  it("drifts when cells and headers no longer belong together", () => {
    const crossed = ROWS.replace("<td>腕時計</td><td>1,200円</td>", "<td>1,200円</td><td>腕時計</td>");
    expect(missingOf(read(page(HEAD + crossed)))).toEqual(["price: unreadable"]);
    expect(missingOf(read(page(HEAD + ROWS.replace("<td>A-1</td>", ""))))).toContain("title: missing");
  });

  it("drifts when two places contradict each other", () => {
    expect(missingOf(read(page(HEAD + ROWS.replace(">m1<", ">m9<"))))).toEqual(["auction_id: contradictory"]);
  });

  it("drifts without a required header, and when a header stands there twice", () => {
    expect(missingOf(read(page(HEAD.replace("商品名", "品名") + ROWS)))).toEqual(["title: missing"]);
    expect(missingOf(read(page(HEAD.replace("管理番号", "価格") + ROWS)))).toContain("price: ambiguous");
  });

  it("drifts when an optional column has vanished: null would say that it is empty", () => {
    expect(missingOf(read(page(HEAD.replace("管理番号", "備考") + ROWS)))).toEqual(["number: missing"]);
  });

  it("falls back to the next row selector, and says so", () => {
    const other = `<thead>${HEAD}</thead><tbody>${ROWS.replaceAll('class="item"', "data-id=1 class=x")}</tbody>`;
    expect(read(page(other))).toMatchObject({ kind: "rows", fallbackUsed: ["rows"] });
  });

  it("drifts when only a part of the rows is known", () => {
    const half = ROWS.replace('<tr class="item"', '<tr class="featured"');
    expect(missingOf(read(page(HEAD + half)))).toEqual(["rows: unknown rows among them"]);
    expect(read(page(`${HEAD}${ROWS}<tr class=ad><td colspan=4>広告</td></tr>`)).kind).toBe("rows");
  });

  it("is empty only where the page says so", () => {
    expect(read(page(HEAD, "<p>商品はありません</p>"))).toEqual({ kind: "empty", store: "mihon" });
    expect(missingOf(read(page(HEAD)))).toEqual(["rows: neither rows nor the empty marker"]);
    expect(missingOf(read(page(HEAD + ROWS, "<b class=now>1</b><p>商品はありません</p>")))).toEqual([
      "rows: rows beside the empty marker",
    ]);
  });

  it("is not empty by words that nobody sees, nor doubtful by them", () => {
    const hidden = "<b class=now>1</b><p style='display:none'>商品はありません</p>";
    expect(missingOf(read(page(HEAD, hidden)))).toEqual(["rows: neither rows nor the empty marker"]);
    expect(read(page(HEAD + ROWS, hidden))).toMatchObject({ kind: "rows", rows: [{ auction_id: "m1" }, { auction_id: "m2" }] });
  });

  it("leaves out the row that scripts make rows from, and drifts when hidden rows hold something", () => {
    const template = "<tr class=item style='display: none'><td data-auction></td><td></td><td>円</td><td></td></tr>";
    expect(read(page(HEAD + template + ROWS))).toMatchObject({ kind: "rows", rows: [{ auction_id: "m1" }, { auction_id: "m2" }] });
    expect(missingOf(read(page(HEAD + ROWS + ROWS.replaceAll("<tr", "<tr hidden"))))).toEqual(["rows: unknown rows among them"]);
    expect(missingOf(read(page(HEAD + template)))).toEqual(["rows: neither rows nor the empty marker"]);
  });

  it("drifts when its rows stand in several tables", () => {
    const other = `${HEAD}${ROWS.replaceAll("m1", "m3").replaceAll("m2", "m4")}`;
    expect(missingOf(read(`${page(HEAD + ROWS)}<table>${other}</table>`))).toEqual(["rows: unknown rows among them"]);
    expect(read(page(`<thead>${HEAD}</thead><tbody>${ROWS}</tbody><tbody>${ROWS}</tbody>`)).kind).toBe("rows");
    // Of another class than those that the contract knows.
    expect(missingOf(read(`${page(HEAD + ROWS)}<table>${other.replaceAll("class=", "data-was=").replaceAll('"item"', "x")}</table>`))).toEqual([
      "rows: unknown rows among them",
    ]);
    expect(read(`<table><tr><th>価格</th><td>すべて</td></tr></table><table><tr><td>${page(HEAD + ROWS)}</td></tr></table>`).kind).toBe("rows");
  });

  it("drifts beside rows that have a heading of their own and are none of ours", () => {
    const marked = ROWS.replace("<tr class=\"item\"><td data-auction=\"m1\">m1</td>", "<tr class=featured><th>m1</th>");
    expect(missingOf(read(page(HEAD + marked)))).toEqual(["rows: unknown rows among them"]);
    expect(read(page(`${HEAD}<tr><th colspan=4>11月</th></tr>${ROWS}`)).kind).toBe("rows");
  });

  it("finds a heading that is broken into lines or can be sorted by", () => {
    const broken = HEAD.replace("管理番号", "管理<br>番号").replace("商品名", "<button>商品<wbr>名</button>");
    expect(read(page(broken + ROWS))).toMatchObject({ kind: "rows", rows: [{ title: "腕時計", number: "A-1" }, { number: null }] });
  });

  it.each(["<button>次へ</button>", "<a href=#next>次のページ</a>", "<button aria-label=次へ>›</button>", "<div role=button>次の100件 &gt;</div>"])(
    "is not taken for the last page beside %s",
    (further) => {
      expect(missingOf(read(page(HEAD + ROWS, `<b class=now>1</b>${further}`)))[0]).toMatch(/^next/);
    },
  );

  it("is the last one where nothing leads on", () => {
    const stopped = "<b class=now>1</b><button disabled>次へ</button><span>次へ</span><a href=/x>次世代ゲーム機</a>";
    expect(read(page(HEAD + ROWS, stopped))).toMatchObject({ kind: "rows", more: false });
  });

  it("must show the page that was asked for", () => {
    expect(missingOf(read(page(HEAD + ROWS), { shown: 2 }))).toEqual(["page: another one is shown"]);
  });

  it("is the last one without the pager's 次", () => {
    expect(read(page(HEAD + ROWS, "<b class=now>1</b><a>前</a>"))).toMatchObject({ more: false });
  });
});

describe("before anything is read", () => {
  it("sees a login by address and by form", () => {
    expect(read("<p>", { finalUrl: "https://login.example/?done=x" })).toEqual({ kind: "loginRequired" });
    expect(read(`<form id=login></form>${page(HEAD + ROWS)}`)).toEqual({ kind: "loginRequired" });
  });

  it("sees a login in place of the page, and none in a page that is there", () => {
    const login = "<title>確認</title><h2>ようこそ</h2><form><input name=u><input type=password></form>";
    expect(read(login)).toEqual({ kind: "loginRequired" });
    expect(read(`${page(HEAD + ROWS)}<form><input type=password></form><form id=login hidden></form>`).kind).toBe("rows");
  });

  it("sees maintenance by the page's title, too", () => {
    expect(read("<title>ただいまメンテナンス中です</title><p>お待ちください")).toEqual({ kind: "maintenance" });
  });

  it("sees a personal account", () => {
    expect(read(page(HEAD + ROWS).replace(">店<", ">個人<"))).toEqual({ kind: "notStore" });
  });

  it("refuses another page, and one that does not tell its store", () => {
    expect(missingOf(read(page(HEAD + ROWS), { finalUrl: "https://store.example/error" }))[0]).toMatch(/^url/);
    expect(missingOf(read(page(HEAD + ROWS).replace("出品中", "エラー")))[0]).toMatch(/^identity/);
    expect(missingOf(read(page(HEAD + ROWS).replace("data-store=mihon", "")))[0]).toMatch(/^store/);
  });

  it("sends a skeleton without a word of the page", () => {
    const reading = read(`<div class="buyer-box n12345" id="u777"><p title="山田">山田花子 090-0000-0000</p></div>`);
    expect(reading).toMatchObject({ kind: "drift", skeleton: "body\n div.buyer-box.n0\n  p" });
  });
});

describe("a record", () => {
  const common: PageContract = { ...LIST };
  delete common.list;
  const RECORD: PageContract = {
    ...common,
    phase: "detail",
    record: {
      fields: {
        phone: { sources: [{ label: ["電話番号"] }], type: "text", required: false },
        address: { sources: [{ label: ["住所"] }], type: "lines", required: false },
        total: { sources: [{ label: ["合計"] }], type: "jpy", required: true },
        options: { sources: [{ selector: "select option" }], type: "texts", required: true },
      },
      lists: {
        items: { rows: ["tr.item"], fields: { id: { sources: [{ column: ["ID"] }], type: "id", required: true } } },
      },
    },
  };
  const BODY = `<h1>出品中</h1><i id=me data-store=mihon></i>
    <table><tr><th>電話番号：</th><td>03-1234-5678</td></tr><tr><th><span>住所</span></th><td>東京都<br> 渋谷区\u30001-1</td></tr></table>
    <dl><dt>合計</dt><dd>2,300円</dd></dl><select><option>未処理<option selected>入金済み</select>
    <table><tr><th>ID</th><th>数</th></tr><tr class=item><td>m1</td><td>1</td></tr></table>`;

  it("is read by its labels", () => {
    expect(read(BODY, { contract: RECORD, shown: null })).toMatchObject({
      kind: "record",
      fields: { phone: "03-1234-5678", address: "東京都\n渋谷区\u30001-1", total: 2_300, options: ["未処理", "入金済み"] },
      lists: { items: [{ id: "m1" }] },
    });
  });

  it("drifts when a label has gone or stands there twice", () => {
    expect(missingOf(read(BODY.replace("電話番号", "TEL"), { contract: RECORD }))).toEqual(["phone: missing"]);
    expect(missingOf(read(BODY.replace("電話番号", "合計"), { contract: RECORD }))).toContain("total: ambiguous");
  });

  it("takes no half of what stands under a label", () => {
    const two = BODY.replace("<dd>2,300円</dd>", "<dd>2,300円</dd><dd>800円</dd>");
    expect(missingOf(read(two, { contract: RECORD }))).toEqual(["total: ambiguous"]);
  });

  it("drifts without its rows", () => {
    expect(missingOf(read(BODY.replace("class=item", ""), { contract: RECORD }))).toEqual(["items: rows missing"]);
  });
});

describe("a form", () => {
  const common: PageContract = { ...LIST };
  delete common.list;
  const FORM: PageContract = {
    ...common,
    phase: "upload",
    form: {
      file: "#file",
      submit: { selector: "button", text: "決定する" },
      answers: [
        { kind: "accepted", markers: [{ selector: "[role=status]", contains: "受け付け" }] },
        { kind: "unknown", markers: [{ selector: "body", contains: "通信エラー" }] },
        { kind: "refused", markers: [{ selector: "#bad, [role=alert]" }] },
      ],
    },
  };
  const BODY = "<h1>出品中</h1><i id=me data-store=mihon></i><input type=file id=file><button>決定する</button>";
  const at = (more: string) => read(BODY + more, { contract: FORM, shown: null });

  it("answers nothing by a place for messages that is empty, hidden, or a script's", () => {
    const silent = "<p role=alert></p><p role=status> </p><p id=bad hidden>誤り</p><script>var e = '通信エラー'</script>";
    expect(at(silent)).toEqual({ kind: "form", store: "mihon" });
    expect(at("<p role=alert>ファイルを開けません</p>")).toMatchObject({ kind: "answer", answer: "refused" });
    expect(at("<p>通信エラー<br>です</p>")).toMatchObject({ kind: "answer", answer: "unknown" });
  });
});
