/* jianbao: what Material leaves open for keyboards and screen readers. No library; the pages read well without it. */
(function () {
  "use strict";
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };

  /* Names for parts Material leaves unnamed or names twice. */
  function nameParts() {
    var skip = document.querySelector(".md-skip");
    if (skip) skip.textContent = "跳到正文";
    var search = document.querySelector(".md-search");
    if (search) search.setAttribute("aria-label", "站内搜索");
    var tabs = document.querySelector("nav.md-tabs");
    if (tabs) tabs.setAttribute("aria-label", "栏目");
    var seen = {};
    all("nav").forEach(function (nav) {
      var name = (nav.getAttribute("aria-label") || "导航").trim();
      seen[name] = (seen[name] || 0) + 1;
      nav.removeAttribute("aria-labelledby");
      nav.setAttribute("aria-label", seen[name] > 1 ? name + "（" + seen[name] + "）" : name);
    });
  }

  /* Menu and search are bare labels in Material, out of a keyboard's reach: put real buttons in their place. */
  function realButtons() {
    [["__drawer", "栏目菜单", ".md-nav--primary .md-nav__link[href]"], ["__search", "站内搜索", ".md-search__input"]].forEach(function (pair) {
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
          box.setAttribute("aria-label", (caption ? caption.textContent : titleBefore(box)) + "（可左右滚动）");
        } else {
          ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); });
        }
      };
      update();
      if (window.ResizeObserver) new ResizeObserver(update).observe(box);
    });
  }
  function titleBefore(box) {
    var title = "表格";
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

  /* The theme's own 404 page is English and cannot be changed without an override. */
  function notFound() {
    var h1 = document.querySelector(".md-content__inner > h1:only-child");
    if (!h1 || !/^404\b/.test(h1.textContent)) return;
    document.title = "没有这个页面";
    h1.textContent = "没有这个页面";
    var p = document.createElement("p"), home = document.createElement("a");
    home.href = document.querySelector(".md-logo").href;
    home.textContent = "首页";
    p.className = "jb-lead";
    p.append("地址可能抄错或不完整。本站发布过的页面不会删除，请用上方的搜索，或从", home, "的栏目里查找。");
    h1.after(p);
  }

  /* Paper cannot be unfolded. */
  addEventListener("beforeprint", function () { all("details:not([open])").forEach(function (d) { d.open = true; }); });

  function init() { notFound(); nameParts(); realButtons(); scrollBoxes(); markSection(); }
  if (window.document$) window.document$.subscribe(init);
  else if (document.readyState !== "loading") init();
  else document.addEventListener("DOMContentLoaded", init);
})();
