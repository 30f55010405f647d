/* jianbao: what Material leaves open for keyboards and screen readers. No library; the pages read well without it. */
(function () {
  "use strict";
  var english = document.documentElement.lang === "en";
  var say = function (zh, en) { return english ? en : zh; };
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };

  /* Names for parts Material leaves unnamed or names twice. */
  function nameParts() {
    var skip = document.querySelector(".md-skip");
    if (skip) skip.textContent = say("跳到正文", "Skip to content");
    var search = document.querySelector(".md-search");
    if (search) search.setAttribute("aria-label", say("站内搜索", "Search this site"));
    var tabs = document.querySelector("nav.md-tabs");
    if (english) all(".md-tabs, .md-nav--primary, .md-header__topic").forEach(function (part) { part.lang = "zh"; });
    if (tabs) tabs.setAttribute("aria-label", say("栏目", "Sections"));
    var seen = {};
    all("nav").forEach(function (nav) {
      var name = (nav.getAttribute("aria-label") || say("导航", "Navigation")).trim();
      seen[name] = (seen[name] || 0) + 1;
      nav.removeAttribute("aria-labelledby");
      nav.setAttribute("aria-label", seen[name] > 1 ? name + "（" + seen[name] + "）" : name);
    });
  }

  /* Menu and search are bare labels in Material, out of a keyboard's reach: put real buttons in their place. */
  function realButtons() {
    [["__drawer", say("栏目菜单", "Menu"), ".md-nav--primary .md-nav__link[href]"], ["__search", say("站内搜索", "Search this site"), ".md-search__input"]].forEach(function (pair) {
      var label = document.querySelector("label.md-header__button[for=" + pair[0] + "]");
      var toggle = document.getElementById(pair[0]);
      if (!label || !toggle || !label.firstElementChild) return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "md-header__button md-icon jb-press jb-press" + pair[0];
      button.setAttribute("aria-label", pair[1]);
      button.setAttribute("aria-expanded", "false");
      button.append(label.firstElementChild);
      label.hidden = true;
      label.after(button);
      button.addEventListener("click", function () { toggle.click(); });
      toggle.addEventListener("change", function () {
        button.setAttribute("aria-expanded", String(toggle.checked));
        var first = document.querySelector(pair[2]);
        if (toggle.checked && first) setTimeout(function () { if (toggle.checked) first.focus(); }, 300);   /* once it has slid in */
      });
      document.addEventListener("keydown", function (event) {
        if (event.key !== "Escape" || !toggle.checked || pair[0] !== "__drawer") return;
        toggle.click();
        button.focus();
      });
    });
  }

  /* A box is a tab stop only while something in it has to be scrolled to. */
  function scrollBoxes() {
    all(".jb-table, .md-typeset__scrollwrap, .md-typeset pre > code").forEach(function (box) {
      var caption = box.querySelector("caption");
      var update = function () {
        if (box.scrollWidth > box.clientWidth + 1) {
          box.tabIndex = 0;
          box.setAttribute("role", "region");
          box.setAttribute("aria-label", (caption ? caption.textContent : titleBefore(box)) + say("（可左右滚动）", " (scrolls sideways)"));
        } else {
          ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); });
        }
      };
      update();
      if (window.ResizeObserver) new ResizeObserver(update).observe(box);
    });
  }
  function titleBefore(box) {
    var title = say("表格", "Table");
    all(".md-content__inner :is(h1, h2, h3)").forEach(function (h) {
      if (h.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING) title = h.textContent.trim();
    });
    return title;
  }

  /* Pages outside the navigation belong to the section whose folder they lie in. */
  function markSection() {
    var active = document.querySelector(".md-tabs__item--active a");
    if (active) { active.setAttribute("aria-current", "page"); return; }
    var best = null, length = 0;
    all("a.md-tabs__link").forEach(function (link, i) {
      var folder = link.pathname.replace(/[^/]*$/, "");
      if (i > 0 && location.pathname.indexOf(folder) === 0 && folder.length > length) { best = link; length = folder.length; }
    });
    if (!best) return;
    best.parentNode.classList.add("md-tabs__item--active");
    best.setAttribute("aria-current", "true");
  }

  /* Whether a line is answered at this moment, by the clock of the school (no script: its hours stand beside it). */
  function whoIsThere() {
    var clock = new Intl.DateTimeFormat("en-GB", {timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit"}).format(new Date());
    all("[data-open]").forEach(function (mark) {
      var hours = mark.dataset.open.split("-");
      var there = hours[0] <= hours[1] ? hours[0] <= clock && clock < hours[1] : hours[0] <= clock || clock < hours[1];
      mark.textContent = there ? "值班中" : "非值班时间";
      mark.classList.toggle("jb-now--there", there);
    });
  }

  /* A closed edition says so and leads to the same page of today; the living site lists the closed ones. */
  function editions() {
    var config = document.getElementById("__config");
    if (!config) return;
    var base = new URL(JSON.parse(config.textContent).base.replace(/\/?$/, "/"), location.href);
    var inside = base.pathname.match(/^(.*\/)editions\/([^/]+)\/$/);
    var root = new URL(inside ? "../../" : "./", base);
    if (inside) {
      var here = location.pathname.slice(base.pathname.length) || "index.html";
      var note = document.createElement("div"), text = document.createElement("p"), now = document.createElement("a");
      note.className = "jb-banner jb-banner--superseded";
      now.href = new URL(here, root).href;
      now.textContent = say("现行网站的这一页", "this page of today");
      text.append(say("这是封存的往期网站（", "This is the site of an earlier term ("), decodeURIComponent(inside[2]), say("），不再更新。请看", "), kept as it was. See "), now, say("。", "."));
      note.append(text);
      document.querySelector(".md-content__inner").prepend(note);
    }
    if (location.protocol.indexOf("http") !== 0) return;   /* a folder cannot be asked; the page of editions can be opened */
    fetch(new URL("editions/versions.json", root)).then(function (answer) { return answer.ok ? answer.json() : []; }).then(function (versions) {
      var place = document.querySelector(".jb-footlinks");
      if (!versions.length || !place) return;
      var list = document.createElement("ul");
      list.className = "jb-versions";
      list.setAttribute("aria-label", say("往期网站", "Earlier terms"));
      versions.forEach(function (version) {
        var item = document.createElement("li"), link = document.createElement("a");
        link.href = new URL("editions/" + encodeURIComponent(version.version) + "/index.html", root).href;
        link.textContent = version.title;
        if (inside && [version.version].concat(version.aliases).indexOf(decodeURIComponent(inside[2])) >= 0) link.setAttribute("aria-current", "true");
        item.append(link);
        list.append(item);
      });
      place.after(list);
    }).catch(function () { /* not reachable: the page of editions is linked above */ });
  }

  /* Paper cannot be unfolded. */
  addEventListener("beforeprint", function () { all("details:not([open])").forEach(function (d) { d.open = true; }); });

  function init() { editions(); whoIsThere(); nameParts(); realButtons(); scrollBoxes(); markSection(); }
  if (window.document$) window.document$.subscribe(init);
  else if (document.readyState !== "loading") init();
  else document.addEventListener("DOMContentLoaded", init);
})();
