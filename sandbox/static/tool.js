"use strict";
// Builds a page of the current store tool from JSON, as a client-rendered tool does: first an overlay, then the rows.
(() => {
  const { build, from, to } = document.currentScript.dataset;
  const BROKEN = "通信エラーが発生しました。時間をおいて再度お試しください。";
  const root = document.getElementById("root");
  let crumb = "";
  let messages = null;
  let shows = 0;

  // --- elements; their class names mean nothing and are others at each build ---

  function hash(text) {
    let value = 2166136261;
    for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 16777619) >>> 0;
    return value;
  }

  function names(role) {
    const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
    let number = hash(build + role), word = "";
    for (let place = 0; place < 5; place++, number = hash(build + number)) word += letters[number % letters.length];
    return `sc-${hash(role + build).toString(16).padStart(8, "0")}-${number % 9} ${word}`;
  }

  function el(tag, role, attributes = {}, ...children) {
    const made = document.createElement(tag);
    made.className = names(role);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") made.addEventListener("click", value);
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null));
    return made;
  }

  function link(text, href, role = "link") {
    const inside = new URL(href, location.href);
    const stays = inside.origin === location.origin && inside.pathname.startsWith(from);
    return el("a", role, { href, onclick: stays ? (event) => go(event, href) : () => {} }, text);
  }

  function go(event, href) {
    event.preventDefault();
    history.pushState(null, "", href);
    show();
  }

  // --- asking ---

  function loading(on) {
    let wrapper = document.getElementById("js-loadingWrapper");
    if (!wrapper) {
      wrapper = document.createElement("div");
      wrapper.id = "js-loadingWrapper";
      document.body.append(wrapper);
    }
    wrapper.replaceChildren(...(on ? [el("div", "overlay", {}, el("span", "spinner"))] : []));
  }

  async function ask(url, options) {
    const answer = await fetch(url, { credentials: "same-origin", ...options });
    const found = await answer.json();
    if (answer.status === 401) {
      location.href = found.login;
      await new Promise(() => {});
    }
    return found;
  }

  async function show(words) {
    const mine = ++shows;
    loading(true);
    let view = null;
    try {
      view = await ask(location.pathname.replace(from, to) + location.search);
      await new Promise((done) => setTimeout(done, (view.loading ?? 0) * 1000));
    } catch {
      view = null;
    }
    if (mine !== shows) return;
    if (view && view.blocks) render(view);
    say(view && view.blocks ? words : { problem: view?.problem ?? BROKEN });
    loading(false);
  }

  async function send(url, form) {
    form.set(".crumb", form.get(".crumb") ?? crumb);
    loading(true);
    let answer;
    try {
      answer = await ask(url, { method: "POST", body: form });
    } catch {
      answer = { problem: BROKEN };
    }
    loading(false);
    if (answer.dialog) return ask_again(answer.dialog);
    close();
    if (answer.done) return show(answer);
    say(answer);
  }

  // --- saying ---

  function say(words) {
    const place = messages ?? root;
    place.replaceChildren();
    if (words?.problem) place.append(el("p", "alert", { role: "alert" }, words.problem));
    if (words?.done) {
      place.append(el("div", "status", { role: "status" }, el("p", "said", {}, words.done),
        (words.refused ?? []).map((each) => el("p", "refused", {}, each))));
    }
  }

  function close() {
    document.querySelectorAll("[role=dialog]").forEach((each) => each.remove());
  }

  function ask_again(dialog) {
    close();
    crumb = dialog.back;
    document.querySelectorAll("main input[name='.crumb']").forEach((each) => { each.value = crumb; });
    const fields = el("form", "dialogForm", { onsubmit: "return false" }, inputs(dialog.inputs));
    document.body.append(el("div", "dialog", { role: "dialog", "aria-modal": "true" },
      el("h2", "dialogTitle", {}, dialog.title),
      dialog.lines.map((line) => el("p", "dialogLine", {}, line)),
      fields,
      el("button", "yes", { type: "button", onclick: () => {
        const form = new FormData(fields);
        for (const [name, value] of dialog.fields) form.append(name, value);
        form.set(".crumb", dialog.crumb);
        send(dialog.post, form);
      } }, dialog.yes),
      el("button", "no", { type: "button", onclick: close }, "閉じる")));
  }

  // --- blocks ---

  function inputs(fields = []) {
    return fields.map((field) => el("label", "field", {}, el("span", "fieldName", {}, field.label),
      field.options
        ? el("select", "select", { name: field.name }, field.options.map(([value, label]) =>
          el("option", "option", { value, selected: value === field.value }, label)))
        : el("input", "input", { name: field.name, type: "text", value: field.value ?? "" })));
  }

  function line(each) {
    return el("p", "line", {}, each.href ? link(each.text, each.href) : each.text);
  }

  function checkbox(value) {
    return el("label", "outerLabel", {}, el("div", "box", {}, el("label", "innerLabel", {},
      el("input", "check", { type: "checkbox", name: "itemCheckbox", value }))));
  }

  function pager(list) {
    return el("div", "pager", {}, el("div", "pagerCount", {}, el("div", "pagerText", {},
      el("p", "total", {}, `${list.total}件`), el("p", "range", {}, `${list.first}〜${list.last}件`)),
    el("div", "pagerLinks", {}, list.prev ? link("前", list.prev, "prev") : null,
      el("span", "pageNow", {}, String(list.page)), list.next ? link("次", list.next, "next") : null)));
  }

  function copy(text) {
    window.navigator.clipboard.writeText(text).then(
      () => say({ done: "コピーしました。" }), () => say({ problem: "コピーできませんでした。" }));
  }

  function button(each) {
    if (each.copy) return el("button", "action", { type: "button", onclick: () => copy(each.copy) }, each.label);
    return el("button", "action", { type: "button", onclick: () => {
      const form = new FormData();
      document.querySelectorAll("input[name=itemCheckbox]:checked").forEach((box) => form.append("itemCheckbox", box.value));
      for (const [name, value] of each.fields ?? []) form.append(name, value);
      send(each.post, form);
    } }, each.label);
  }

  const BLOCKS = {
    text: (block) => el("p", "text", {}, block.text),
    heading: (block) => el("h3", "heading", {}, block.text),
    links: (block) => el("ul", "links", {}, block.links.map(([text, href]) => el("li", "linkItem", {}, link(text, href)))),
    buttons: (block) => el("div", "buttons", {}, block.buttons.map(button)),
    facts: (block) => el("table", "facts", {}, el("tbody", "factsBody", {}, block.facts.map(([name, lines]) =>
      el("tr", "fact", {}, el("th", "factName", {}, name), el("td", "factValue", {}, lines.map(line)))))),
    form: (block) => {
      const form = el("form", "form", block.action ? { method: "post", action: block.action } : {}, inputs(block.inputs),
        el("button", "submit", { type: "submit" }, block.label));
      if (block.action) form.append(el("input", "crumb", { type: "hidden", name: ".crumb", value: crumb }));
      else {
        form.addEventListener("submit", (event) => {
          event.preventDefault();
          if (block.post) return send(block.post, new FormData(form));
          go(event, `${location.pathname}?${new URLSearchParams(new FormData(form))}`);
        });
      }
      return form;
    },
    list: (list) => {
      if (!list.rows.length) return el("p", "empty", {}, list.empty);
      const body = list.look === "table"
        ? el("table", "table", {},
          el("thead", "thead", {}, el("tr", "headRow", {}, list.columns.map((name) => el("th", "th", {}, name)))),
          el("tbody", "tbody", {}, list.rows.map((row) => el("tr", "tr", {}, row.cells.map((cell) => el("td", "td", {}, cell.map(line)))))))
        : el("div", "rows", {}, list.rows.map((row) => el("ul", "row", {},
          list.checks ? el("li", "cell", {}, checkbox(row.value)) : null,
          row.cells.map((cell) => el("li", "cell", {}, cell.map(line))))));
      return el("div", "list", {}, pager(list), (list.buttons ?? []).map(button), body, pager(list));
    },
    upload: (block) => {
      const chosen = el("p", "chosen");
      const file = el("input", "file", { type: "file", id: "uploadFile", accept: ".csv,.zip" });
      const decide = el("a", "decide", { role: "button", disabled: true, tabindex: "0", onclick: () => {
        if (decide.hasAttribute("disabled")) return;
        const form = new FormData();
        form.append("file", file.files[0]);
        decide.setAttribute("disabled", "");
        send(block.post, form);
      } }, "決定する");
      file.addEventListener("change", () => {
        chosen.textContent = file.files[0]?.name ?? "";
        decide.toggleAttribute("disabled", !file.files.length);
      });
      return el("div", "upload", {}, file, chosen, decide);
    },
  };

  function render(view) {
    crumb = view.crumb;
    messages = el("div", "messages");
    document.title = `${view.title} - ${view.site}（練習用）`;
    let body = el("div", "inner", {},
      el("h1", "title", {}, view.title),
      el("input", "crumb", { type: "hidden", name: ".crumb", value: crumb }),
      messages,
      view.blocks.map((block) => BLOCKS[block.kind](block)));
    for (let more = 0; more < view.wrappers; more++) body = el("section", `wrap${more}`, {}, body);
    root.replaceChildren(
      el("header", "header", {}, el("p", "site", {}, view.site), el("p", "storeName", {}, view.store.name),
        el("p", "account", {}, `ストアアカウント：${view.store.id}`),
        el("nav", "nav", {}, view.menu.map(([text, href]) => link(text, href, "menu")))),
      el("main", "main", {}, el("div", "outer", {}, body)));
  }

  window.addEventListener("popstate", () => show());
  show();
})();
