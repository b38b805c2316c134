// Keeps an overview up to date, and finds units as one types. Without it the page works as it was served.
"use strict";

(() => {
  const page = document.body;
  const words = JSON.parse(page.dataset.words);
  const language = page.dataset.language;
  const every = Number(page.dataset.every) * 1000;
  const STATES = ["down", "unknown", "up", "unmonitored"];
  const VERDICTS = ["verified", "refuted", "undetermined", "unmonitored"];
  const rows = new Map();
  const marks = new Map();
  let told = Number(page.dataset.at) * 1000; // when the data shown are of
  let timer = 0;
  let asking = false;

  const byId = (id) => document.getElementById(id);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const setText = (node, text) => {
    if (node && node.textContent !== text) node.textContent = text;
  };

  for (const row of document.querySelectorAll("#table tbody tr")) rows.set(row.dataset.unit, row);
  for (const mark of document.querySelectorAll(".map a")) marks.set(mark.dataset.unit, mark);

  // how things are said: as the server says them

  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: page.dataset.zone, year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });

  const moment = (time) => {
    const parts = Object.fromEntries(clock.formatToParts(time).map((part) => [part.type, part.value]));
    const date = language === "vi" ? `${parts.day}/${parts.month}/${parts.year}` : `${parts.year}-${parts.month}-${parts.day}`;
    return `${date} ${parts.hour}:${parts.minute}`;
  };

  const lasted = (milliseconds) => {
    const left = Math.max(0, Math.floor(milliseconds / 1000));
    const [days, hours, minutes] = [Math.floor(left / 86400), Math.floor((left % 86400) / 3600), Math.floor((left % 3600) / 60)];
    const spans = words.spans;
    if (days) return `${days} ${spans.day} ${hours} ${spans.hour}`;
    if (hours) return `${hours} ${spans.hour} ${String(minutes).padStart(2, "0")} ${spans.minute}`;
    return minutes ? `${minutes} ${spans.minute}` : `${left} ${spans.second}`;
  };

  // A bound never looks tighter than it is; what floats add to it must not show.
  const percent = (ratio, round) => {
    const thousandths = round(Number((ratio * 1000).toPrecision(12)));
    const text = (thousandths / 10).toFixed(1);
    return `${language === "vi" ? text.replace(".", ",") : text}\u00a0%`;
  };

  const tally = (counts, names) =>
    VERDICTS.filter((each) => counts[each]).map((each) => `${counts[each]} ${names[each]}`).join(" · ") || "—";

  const shownOf = (unit) => (unit.monitored ? unit.state : "unmonitored");

  const whyOf = (unit) => {
    if (shownOf(unit) !== "down" && !unit.maintenance) return "";
    const known = unit.root ? [filled(words.root, unit)] : [];
    if (unit.maintenance) known.push(words.in_maintenance);
    return known.join("; ") || words.cause_later;
  };

  const show = (node, shown) => {
    if (!node || node.dataset.state === shown) return false;
    node.dataset.state = shown;
    node.querySelector("use").setAttribute("href", `#sign-${shown}`);
    return true;
  };

  // what is new

  const takeRow = (row, unit) => {
    const shown = shownOf(unit);
    row.dataset.state = shown;
    const state = row.querySelector(".state");
    if (show(state, shown)) {
      setText(state.querySelector(".word"), words.states[shown]);
      row.classList.remove("fresh");
      void row.offsetWidth; // lets the animation begin anew
      row.classList.add("fresh");
    }
    const since = row.querySelector(".since");
    if (unit.since) {
      const time = since.querySelector("time") || since.appendChild(document.createElement("time"));
      const text = moment(new Date(unit.since));
      time.dateTime = unit.since;
      if (since.textContent !== text) since.replaceChildren(Object.assign(time, { textContent: text }));
    } else {
      setText(since, "—");
    }
    setText(row.querySelector(".cause"), whyOf(unit));
    const counts = {};
    for (const each of unit.verdicts) counts[each.verdict] = (counts[each.verdict] || 0) + 1;
    row.dataset.verdicts = VERDICTS.filter((each) => counts[each]).join(" ");
    setText(row.querySelector(".verdicts"), tally(counts, words.unit_verdicts));
  };

  const takeMark = (mark, unit) => {
    const shown = shownOf(unit);
    if (!show(mark, shown)) return;
    const name = `${mark.dataset.name}: ${words.states[shown]}`;
    mark.setAttribute("aria-label", name);
    setText(mark.querySelector("title"), name);
  };

  const takeDown = (units) => {
    const list = byId("down");
    const down = units.filter((unit) => shownOf(unit) === "down");
    down.sort((one, other) => Date.parse(other.since) - Date.parse(one.since)); // the latest first
    const fitting = Number(list.dataset.fitting);
    list.replaceChildren(...down.slice(0, fitting).map((unit) => {
      const item = byId("down-item").content.firstElementChild.cloneNode(true);
      const since = new Date(unit.since);
      item.dataset.unit = `${unit.register}/${unit.code}`;
      item.querySelector("a").href = `/units/${encodeURIComponent(unit.register)}/${encodeURIComponent(unit.code)}?lang=${language}`;
      setText(item.querySelector(".name"), unit.name);
      setText(item.querySelector(".area"), unit.area);
      item.querySelector("time").dateTime = unit.since;
      setText(item.querySelector("time"), moment(since));
      setText(item.querySelector(".span"), filled(words.down_for, { span: lasted(told - since) }));
      setText(item.querySelector(".cause"), whyOf(unit));
      return item;
    }));
    byId("nothing-down").hidden = down.length > 0;
    byId("further").hidden = down.length <= fitting;
    setText(byId("further").firstElementChild, down.length > fitting ? filled(words.further, { count: down.length - fitting }) : "");
  };

  const takeNotices = (notices) => {
    const lines = notices.blind.map((each) => filled(words.blind, { path: each.path, since: moment(new Date(each.since)) }));
    if (notices.last_good) lines.push(words.last_good);
    if (notices.reading) lines.push(words.reading);
    byId("notices").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    byId("notices").hidden = lines.length === 0;
  };

  const takeUnits = ({ units, notices }) => {
    const counts = Object.fromEntries(STATES.map((each) => [each, 0]));
    for (const unit of units) {
      const key = `${unit.register}/${unit.code}`;
      counts[shownOf(unit)] += 1;
      if (rows.has(key)) takeRow(rows.get(key), unit);
      if (marks.has(key)) takeMark(marks.get(key), unit);
    }
    for (const node of document.querySelectorAll("[data-count]")) setText(node, String(counts[node.dataset.count]));
    setText(byId("summary"), filled(words.summary, counts));
    takeDown(units);
    takeNotices(notices);
    if (rows.size && (rows.size !== units.length || units.some((unit) => !rows.has(`${unit.register}/${unit.code}`)))) {
      window.location.reload(); // other units are in force
    }
    choose();
  };

  const takeClaim = (card, claim) => {
    const [lower, upper] = [percent(claim.lower, Math.floor), percent(claim.upper, Math.ceil)];
    const measured = card.querySelector(".measured");
    if (!("fixed" in measured.dataset)) setText(measured, filled(words.between, { lower, upper }));
    const bounds = card.querySelector(".bounds");
    if (bounds) {
      bounds.querySelector(".sure").setAttribute("width", 100 * claim.lower);
      bounds.querySelector(".open").setAttribute("x", 100 * claim.lower);
      bounds.querySelector(".open").setAttribute("width", 100 * (claim.upper - claim.lower));
      const text = claim.declared === null ? words.bounds_told_undeclared : words.bounds_told;
      bounds.setAttribute("aria-label", filled(text, { declared: claim.declared === null ? "" : percent(claim.declared, Math.round), lower, upper }));
    }
    setText(card.querySelector(".tally"), tally(claim.units, words.unit_verdicts));
    setText(card.querySelector(".observed"), filled(words.observed, { share: percent(claim.observed, Math.floor) }));
    const verdict = card.querySelector(".verdict");
    if (!verdict) return;
    verdict.dataset.verdict = claim.withheld ? "withheld" : claim.verdict;
    const strong = Object.assign(document.createElement("strong"), {
      textContent: claim.withheld ? words.withheld : words.claim_verdicts[claim.verdict],
    });
    const reason = Object.assign(document.createElement("span"), {
      className: "reason", textContent: claim.withheld ? `: ${words.why_withheld[claim.withheld]}` : "",
    });
    const told = claim.withheld ? [strong, reason] : [`${words.verdict}: `, strong];
    if (verdict.textContent !== told.map((part) => part.textContent ?? part).join("")) verdict.replaceChildren(...told);
  };

  const takeClaims = ({ claims }) => {
    for (const claim of claims) {
      const card = document.querySelector(`[data-claim="${CSS.escape(claim.name)}"]`);
      if (card) takeClaim(card, claim);
    }
  };

  // asking

  const ask = async (address) => {
    const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return [await answer.json(), Date.parse(answer.headers.get("Date")) || Date.now()];
  };

  const look = async () => {
    if (asking || document.hidden) return;
    asking = true;
    window.clearTimeout(timer);
    try {
      const [[units, at], [claims]] = await Promise.all([ask("/api/v1/units"), ask("/api/v1/claims?units=0")]);
      told = at;
      takeUnits(units);
      takeClaims(claims);
      byId("at").dateTime = new Date(told).toISOString();
      setText(byId("at"), moment(told));
      byId("stale").hidden = true;
    } catch {
      setText(byId("stale"), filled(words.stale, { time: moment(told) }));
      byId("stale").hidden = false;
    } finally {
      asking = false;
      timer = window.setTimeout(look, every);
    }
  };

  // finding

  const fold = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[đð]/g, "d").split(/\s+/).filter(Boolean);

  const form = byId("choice");

  const choose = () => {
    if (!form) return;
    const [text, state, verdict] = ["q", "state", "verdict"].map((name) => form.elements[name].value);
    const parts = fold(text);
    let count = 0;
    for (const row of rows.values()) {
      const fits = (!state || row.dataset.state === state)
        && (!verdict || row.dataset.verdicts.split(" ").includes(verdict))
        && parts.every((part) => row.dataset.sought.includes(part));
      row.hidden = !fits;
      count += fits;
    }
    setText(byId("listed"), filled(words.listed, { count, total: rows.size }));
    byId("none-listed").hidden = count > 0 || rows.size === 0;
  };

  if (form) {
    form.addEventListener("input", choose);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      choose();
    });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) window.clearTimeout(timer);
    else look();
  });
  timer = window.setTimeout(look, every);
})();
