/// The page's one script: sorting, searching, paging, the customer's panel and the what-if. It writes text
/// and attributes only, never markup, and asks the network for nothing. Without it the page is whole but
/// for these.
enum PageScript {
  /// The script as it stands in the page; it reads what `EmbeddedList` writes.
  static let text: StaticString = #"""
    (function () {
      "use strict";
      var source = document.getElementById("customers");
      if (!source) return;
      var data = JSON.parse(source.textContent);
      if (data.format !== 1) return;
      var count = data.key.length, size = data.written;
      function byId(id) { return document.getElementById(id); }

      // What the list shows now: as on file, or as the what-if has it.
      var file = { ev: data.ev, be: data.be, reason: data.reason, rank: null };
      var now = file;

      function make(name, text, attributes) {
        var element = document.createElement(name);
        if (text !== undefined && text !== null) element.textContent = text;
        for (var key in attributes || {}) element.setAttribute(key, attributes[key]);
        return element;
      }
      function grouped(whole) { return whole.replace(/\B(?=(\d{3})+$)/g, ","); }
      function decimals(number, places) {
        if (number === null || !isFinite(number)) return "–";
        var parts = Math.abs(number).toFixed(places).split(".");
        var text = grouped(parts[0]) + (parts[1] ? "." + parts[1] : "");
        return (number < 0 && /[1-9]/.test(text) ? "−" : "") + text;
      }
      function money(amount, named) {
        if (amount === null || !isFinite(amount)) return "–";
        var whole = Math.abs(amount) >= 99.995 || amount === Math.round(amount);
        return decimals(amount, whole ? 0 : 2) + (named && data.currency ? " " + data.currency : "");
      }
      function percent(share, places) {
        return share === null || !isFinite(share) ? "–" : decimals(100 * share, places === undefined ? 1 : places) + " %";
      }
      function customers(number) { return decimals(number, 0) + (number === 1 ? " customer" : " customers"); }
      function rank(row) { return now.rank ? now.rank[row] : row + 1; }
      function reasonText(row) { return data.reasons[now.reason[row]][1]; }
      function isCall(row) { return data.reasons[now.reason[row]][0] === "worthIt"; }
      function segment(row) { return data.segments && data.segment[row] >= 0 ? data.segments[data.segment[row]] : "–"; }
      function between(row) {
        if (!data.low || data.low[row] === null || data.high[row] === null) return "";
        return decimals(100 * data.low[row], 1) + " to " + percent(data.high[row]);
      }
      function why(row) {
        return data.why[row] ? data.why[row].map(function (word) { return data.words[word]; }) : [];
      }

      // MARK: Finding, sorting, paging
      var list = byId("list"), body = list.tBodies[0];
      var heads = Array.prototype.slice.call(list.querySelectorAll("thead th"));
      var state = { sort: "rank", down: false, page: 0 };
      var shown = [], timer = 0;
      var find = byId("find"), byBand = byId("by-band"), byReason = byId("by-reason"), bySegment = byId("by-segment");
      var status = byId("status"), sortBy = byId("sort-by");

      function value(row) {
        switch (state.sort) {
          case "key": return data.key[row];
          case "p": return data.p[row];
          case "v": return data.v[row];
          case "ev": return now.ev[row];
          case "be": return now.be[row];
          case "reason": return reasonText(row);
          case "segment": return segment(row);
          default: return rank(row);
        }
      }
      // Keys that are numbers stand in the order of numbers.
      var words = new Intl.Collator("en", { numeric: true });
      function compare(left, right) {
        return typeof left === "string" ? words.compare(left, right) : left < right ? -1 : left > right ? 1 : 0;
      }
      function select() {
        var text = find.value.trim().toLowerCase();
        shown = [];
        for (var row = 0; row < count; row++) {
          if (byBand.value && data.bands[data.band[row]][0] !== byBand.value) continue;
          if (byReason.value && data.reasons[now.reason[row]][0] !== byReason.value) continue;
          if (bySegment && bySegment.value && String(data.segment[row]) !== bySegment.value) continue;
          if (text && data.key[row].toLowerCase().indexOf(text) < 0 &&
            why(row).join("; ").toLowerCase().indexOf(text) < 0) continue;
          shown.push(row);
        }
        var values = [], sign = state.down ? -1 : 1;
        shown.forEach(function (row) { values[row] = value(row); });
        shown.sort(function (left, right) {
          var a = values[left], b = values[right];
          if (a === null || b === null) return a === b ? rank(left) - rank(right) : a === null ? 1 : -1;
          return sign * compare(a, b) || rank(left) - rank(right);
        });
      }
      function cell(row, place) {
        var head = heads[place], id = head.getAttribute("data-sort") || "why", label = head.getAttribute("data-label");
        if (id === "key") {
          var name = make("th", null, { scope: "row", role: "rowheader" });
          var open = make("button", data.key[row], { type: "button", "aria-haspopup": "dialog" });
          open.addEventListener("click", function () { show(row); });
          name.appendChild(open);
          return name;
        }
        var texts = {
          rank: function () { return decimals(rank(row), 0); },
          p: function () { return percent(data.p[row]) + " "; },
          v: function () { return money(data.v[row]); },
          ev: function () { return money(now.ev[row]); },
          be: function () { return percent(now.be[row]); },
          reason: function () { return reasonText(row); },
          segment: function () { return segment(row); },
          why: function () { return why(row).join("; ") || "–"; }
        };
        var td = make("td", texts[id](), { role: "cell", "data-label": label });
        if (head.classList.contains("n")) td.className = "n";
        if (id === "why") td.className = "why";
        if (id === "reason" && isCall(row)) td.className = "call";
        if (id === "p") {
          var band = data.bands[data.band[row]];
          td.appendChild(make("span", band[1], { "class": "band " + band[0] }));
          if (between(row)) td.appendChild(make("small", " " + between(row)));
        }
        return td;
      }
      function draw() {
        var pages = Math.max(1, Math.ceil(shown.length / size));
        state.page = Math.min(Math.max(0, state.page), pages - 1);
        var rows = document.createDocumentFragment();
        shown.slice(state.page * size, (state.page + 1) * size).forEach(function (row) {
          var line = make("tr", null, { role: "row" });
          if (isCall(row)) line.className = "act";
          heads.forEach(function (head, place) { line.appendChild(cell(row, place)); });
          rows.appendChild(line);
        });
        body.replaceChildren(rows);
        byId("page").textContent = "Page " + decimals(state.page + 1, 0) + " of " + decimals(pages, 0);
        byId("back").disabled = state.page === 0;
        byId("next").disabled = state.page === pages - 1;
        heads.forEach(function (head) {
          if (head.getAttribute("data-sort") === state.sort) {
            head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
          } else { head.removeAttribute("aria-sort"); }
        });
        sortBy.value = state.sort;
        clearTimeout(timer);
        timer = setTimeout(say, 400);
      }
      function say() {
        var head = heads.filter(function (one) { return one.getAttribute("data-sort") === state.sort; })[0];
        var of = count < data.total ? " of the " + decimals(count, 0) + " on this page" : " of " + decimals(count, 0);
        status.textContent = decimals(shown.length, 0) + of + (shown.length === 1 ? " matches, " : " match, ") +
          "sorted by " + head.getAttribute("data-label").toLowerCase() + (state.down ? ", largest first." : ".") +
          (now === file ? "" : " Decisions are those of your what-if.");
      }
      function renew() { state.page = 0; select(); draw(); }
      function sort(id, down) { state.sort = id; state.down = down; renew(); }

      heads.forEach(function (head) {
        head.setAttribute("data-label", head.textContent);
        var id = head.getAttribute("data-sort");
        if (!id) return;
        var button = make("button", head.textContent, { type: "button" });
        // Large numbers are what one looks for first; names and ranks begin at the beginning.
        var first = id === "p" || id === "v" || id === "ev";
        button.addEventListener("click", function () { sort(id, state.sort === id ? !state.down : first); });
        head.replaceChildren(button);
      });
      [byBand, byReason, bySegment].forEach(function (choice) {
        if (choice) choice.addEventListener("change", renew);
      });
      sortBy.addEventListener("change", function () {
        sort(sortBy.value, ["p", "v", "ev"].indexOf(sortBy.value) >= 0);
      });
      var wait = 0;
      find.addEventListener("input", function () { clearTimeout(wait); wait = setTimeout(renew, 120); });
      function turn(by) {
        state.page += by;
        draw();
        list.scrollIntoView({ block: "start" });
      }
      byId("back").addEventListener("click", function () { turn(-1); });
      byId("next").addEventListener("click", function () { turn(1); });
      document.addEventListener("keydown", function (event) {
        if (event.key !== "/" || !byId("slash").checked || event.ctrlKey || event.metaKey || event.altKey) return;
        if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || byId("customer").open) return;
        event.preventDefault();
        find.focus();
      });

      // MARK: Saving rows
      function field(text) {
        text = String(text);
        return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
      }
      function safe(text) { return field(/^[=+\-@\t\r]/.test(text) ? "'" + text : text); }
      byId("save").addEventListener("click", function () {
        var lines = ["rank,key,probability,probabilityLow,probabilityHigh,value,expectedValue,decision,reason,band,segment,drivers"];
        shown.forEach(function (row) {
          lines.push([rank(row), safe(data.key[row]), data.p[row], data.low ? data.low[row] : "",
            data.high ? data.high[row] : "", data.v[row], now.ev[row],
            isCall(row) ? "act" : "doNotAct", data.reasons[now.reason[row]][0], data.bands[data.band[row]][0],
            safe(segment(row)), safe(why(row).join("; "))].join(","));
        });
        var link = make("a", "", { download: "customers.csv" });
        link.href = URL.createObjectURL(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
      });

      // MARK: One customer
      var dialog = byId("customer");
      function parts(row, offer) {
        var p = data.p[row], v = data.v[row];
        return [
          ["Value kept, if the call saves the customer", p * offer.g * v],
          ["Value lost, if the call drives the customer away", -(1 - p) * offer.w * v],
          ["Offer, when taken", -offer.d * (p * offer.g + (1 - p) * offer.t)],
          ["The call", -offer.f]
        ];
      }
      function show(row) {
        var inside = document.createDocumentFragment(), p = data.p[row], band = data.bands[data.band[row]];
        byId("customer-name").textContent = "Customer " + data.key[row];
        var first = make("p", "", { "class": "say" });
        first.appendChild(make("span", band[1] + " risk", { "class": "band " + band[0] }));
        var often = 100 * p >= 1 ? decimals(100 * p, 0) + " in 100" : decimals(1000 * p, 0) + " in 1,000";
        first.appendChild(document.createTextNode(": about " + often + " customers like this leave (" + percent(p) +
          (between(row) ? "; the range it may lie in: " + between(row) : "") + ")."));
        inside.appendChild(first);
        inside.appendChild(make("p", (isCall(row) ? "Call" : reasonText(row)) + ". Rank " + decimals(rank(row), 0) +
          " of " + decimals(data.total, 0) + (data.segments ? ", segment “" + segment(row) + "”" : "") + "." +
          (now === file ? "" : " Decided by your what-if, not on file.")));
        inside.appendChild(make("h3", "Why the risk is what it is"));
        if (why(row).length) {
          var reasons = make("ul");
          why(row).forEach(function (word) { reasons.appendChild(make("li", word)); });
          inside.appendChild(reasons);
        } else { inside.appendChild(make("p", "Not worked out for this customer, who is not near the top of the list.")); }
        inside.appendChild(make("h3", "What a call is expected to bring"));
        if (scene.offer) {
          var table = make("table"), head = make("tr"), rows = make("tbody");
          [["On average", ""], ["Money", "n"]].forEach(function (one) {
            head.appendChild(make("th", one[0], { scope: "col", "class": one[1] }));
          });
          table.appendChild(make("caption", "What a call is expected to bring", { "class": "unseen" }));
          table.appendChild(make("thead")).appendChild(head);
          parts(row, scene.offer).concat([["Net value", now.ev[row]]]).forEach(function (part) {
            var line = make("tr");
            line.appendChild(make("th", part[0], { scope: "row" }));
            line.appendChild(make("td", money(part[1], true), { "class": "n" }));
            rows.appendChild(line);
          });
          table.appendChild(rows);
          inside.appendChild(table);
        } else { inside.appendChild(make("p", money(now.ev[row], true) + " net.")); }
        inside.appendChild(make("p", now.be[row] === null
          ? "No save rate would make this call pay."
          : "The call pays if at least " + percent(now.be[row]) + " of such customers stay" +
            (scene.offer ? "; " + percent(scene.offer.g) + " is taken for granted." : "."), { "class": "soft" }));
        byId("customer-body").replaceChildren(inside);
        dialog.showModal();
      }
      byId("close").addEventListener("click", function () { dialog.close(); });
      dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });

      // MARK: What if
      var scene = { offer: data.offer, budget: data.budget };
      var blocked = ["suppressed", "control", "modelHasNoSkill"];
      function reasonAt(code) { return data.reasons.findIndex(function (one) { return one[0] === code; }); }
      // The same choice as on file: by net, or by net per cost where a budget is better spent so.
      function choose(ev, cost, budget, capacity) {
        var worth = [], row;
        for (row = 0; row < count; row++) {
          if (ev[row] > 0 && blocked.indexOf(data.reasons[data.reason[row]][0]) < 0) worth.push(row);
        }
        worth.sort(function (a, b) { return ev[b] - ev[a] || a - b; });
        var limit = capacity === null ? worth.length : capacity;
        if (budget === null) return { worth: worth, chosen: worth.slice(0, limit), full: "overCapacity" };
        function fill(order) {
          var spent = 0, total = 0, chosen = [];
          order.forEach(function (row) {
            if (chosen.length < limit && spent + cost[row] <= budget) {
              spent += cost[row]; total += ev[row]; chosen.push(row);
            }
          });
          return { chosen: chosen, total: total };
        }
        var byNet = fill(worth);
        var dense = fill(worth.slice().sort(function (a, b) { return ev[b] * cost[a] - ev[a] * cost[b] || a - b; }));
        var chosen = dense.total > byNet.total ? dense.chosen : byNet.chosen;
        return { worth: worth, chosen: chosen, full: chosen.length >= limit ? "overCapacity" : "overBudget" };
      }
      function imagine() {
        var offer = { g: +ifG.value / 100, d: +ifD.value, f: +ifF.value, t: data.offer.t, w: data.offer.w };
        var budget = ifBudget.value === "" || !(+ifBudget.value >= 0) ? null : +ifBudget.value;
        var ev = [], be = [], cost = [], reason = data.reason.slice(), places = [], row;
        for (row = 0; row < count; row++) {
          var p = data.p[row], v = data.v[row];
          cost[row] = offer.f + offer.d * (p * offer.g + (1 - p) * offer.t);
          ev[row] = (p * offer.g - (1 - p) * offer.w) * v - cost[row];
          var share = (offer.f + (1 - p) * (offer.t * offer.d + offer.w * v)) / (p * (v - offer.d));
          be[row] = share > 0 && share <= 1 ? share : null;
          places.push(row);
          if (blocked.indexOf(data.reasons[reason[row]][0]) < 0) reason[row] = reasonAt("belowCost");
        }
        var choice = choose(ev, cost, budget, data.capacity);
        choice.worth.forEach(function (row) { reason[row] = reasonAt(choice.full); });
        choice.chosen.forEach(function (row) { reason[row] = reasonAt("worthIt"); });
        var rank = [];
        places.sort(function (a, b) { return ev[b] - ev[a] || a - b; });
        places.forEach(function (row, place) { rank[row] = place + 1; });
        now = { ev: ev, be: be, reason: reason, rank: rank };
        scene = { offer: offer, budget: budget };
        var kept = 0, net = 0, spent = 0;
        choice.chosen.forEach(function (row) {
          kept += data.p[row] * offer.g - (1 - data.p[row]) * offer.w;
          net += ev[row];
          spent += cost[row];
        });
        byId("if-says").textContent = (choice.chosen.length
          ? "Then: call " + customers(choice.chosen.length) + ", expected to keep about " +
            decimals(kept, kept < 9.5 ? 1 : 0) + ", worth " + money(net, true) + " net, for a cost of " + money(spent, true) + "."
          : "Then no call pays.") + (count < data.total ? " Counted over the customers on this page only." : "");
        labels();
        renew();
      }
      function labels() {
        byId("if-g-out").textContent = percent(scene.offer.g, 0);
        byId("if-d-out").textContent = money(scene.offer.d, true);
        byId("if-f-out").textContent = money(scene.offer.f, true);
      }
      var ifG = byId("if-g"), ifD = byId("if-d"), ifF = byId("if-f"), ifBudget = byId("if-budget");
      function range(input, number, most, step) {
        input.min = 0; input.max = most; input.step = step; input.value = number;
      }
      function step(number) { return number > 0 ? Math.pow(10, Math.floor(Math.log10(number)) - 2) : 1; }
      function reset() {
        now = file;
        scene = { offer: data.offer, budget: data.budget };
        range(ifG, 100 * data.offer.g, 100, 1);
        range(ifD, data.offer.d, data.offer.d > 0 ? 4 * data.offer.d : 100, step(data.offer.d));
        range(ifF, data.offer.f, data.offer.f > 0 ? 6 * data.offer.f : 100, step(data.offer.f));
        ifBudget.value = data.budget === null ? "" : data.budget;
        byId("if-says").textContent = "";
        labels();
      }
      if (byId("what-if") && data.offer) {
        reset();
        [ifG, ifD, ifF, ifBudget].forEach(function (input) { input.addEventListener("input", imagine); });
        byId("if-reset").addEventListener("click", function () { reset(); renew(); });
      }

      document.querySelectorAll(".only-script").forEach(function (part) { part.hidden = false; });
      renew();
      var wanted = /^#customer=(.+)$/.exec(location.hash);
      if (wanted) {
        var row = data.key.indexOf(decodeURIComponent(wanted[1]));
        if (row >= 0) show(row);
      }
    })();
    """#
}
