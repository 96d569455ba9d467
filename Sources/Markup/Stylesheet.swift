/// The one style sheet of all pages. Colours are variables: paper, ink, and the Okabe-Ito family for
/// marks; light and dark differ in variables only, and where a reader forces colours theirs are taken.
package enum Stylesheet {
  /// The sheet as it stands in a page.
  package static let text: StaticString = #"""
    :root{color-scheme:light dark;
    --paper:#f6f5f1;--card:#fff;--ink:#17212b;--soft:#4c5964;--line:#d9d6cd;--grid:#e6e3db;--base:#6b7680;
    --link:#005a8f;--focus:#005a8f;--navy:#12324d;--on-navy:#fff;--tint:#eaf1f6;
    --c0:#b9bec3;--e0:#6b7680;--c1:#0072b2;--e1:#00507d;--c2:#56b4e9;--e2:#00659c;--c3:#e69f00;--e3:#855c00;
    --c4:#d55e00;--e4:#9c4500;--up:#0072b2;--down:#e69f00;--warn:#fdf3e3;--warn-line:#b25000;
    --m3:#4a9fd4;--m2:#94c8e8;--m1:#d5eaf6;--p1:#fbe6d3;--p2:#f3b98a;--p3:#e88a45;--on-heat:#10181f;
    --text:-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;
    --display:"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L","Noto Serif","Liberation Serif",Georgia,serif}
    @media (prefers-color-scheme:dark){:root{
    --paper:#10171d;--card:#182129;--ink:#e9eef2;--soft:#aebac4;--line:#33414d;--grid:#2a3640;--base:#8d9aa5;
    --link:#7cc4f2;--focus:#7cc4f2;--navy:#0b2233;--on-navy:#f2f6f9;--tint:#1b2c39;
    --c0:#5d6a75;--e0:#9aa6b0;--c1:#56b4e9;--e1:#9bd3f4;--c2:#2b7cb0;--e2:#7cc4f2;--c3:#e69f00;--e3:#ffc94d;
    --c4:#d55e00;--e4:#ff9a52;--up:#56b4e9;--down:#e69f00;--warn:#2c2315;--warn-line:#f0a050;
    --m3:#1f6f9f;--m2:#1d5577;--m1:#1c3c50;--p1:#46301d;--p2:#70431b;--p3:#9a561a;--on-heat:#fff}}
    *{box-sizing:border-box}
    html{scroll-behavior:smooth;scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    body{margin:0;background:var(--paper);color:var(--ink);font:400 1rem/1.55 var(--text);overflow-wrap:break-word}
    a{color:var(--link);text-underline-offset:.15em}
    :focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:2px}
    .skip{position:absolute;left:-99rem;top:0;z-index:9;background:var(--card);color:var(--link);padding:.7rem 1rem}
    .skip:focus{left:.5rem;top:.5rem}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    [hidden]{display:none!important}
    .wrap{max-width:74rem;margin:0 auto;padding:0 1.25rem}
    .top{background:var(--navy);color:var(--on-navy);padding:2.2rem 0 2.4rem}
    .top h1{font:400 1.05rem/1.4 var(--text);letter-spacing:.01em;margin:0 0 1.1rem;opacity:.92}
    .top .rests+h1{margin:1.2rem 0 0}
    .top .lead{font:400 clamp(1.55rem,1.05rem + 2vw,2.5rem)/1.28 var(--display);margin:0;max-width:46ch;text-wrap:balance}
    .top .lead b{font-weight:600;white-space:nowrap}
    .top .rests{margin:1.2rem 0 0;max-width:70ch;font-size:.95rem;opacity:.92}
    .assumed{font-size:.72em;letter-spacing:.03em;border:1px solid currentColor;border-radius:99px;padding:.05em .55em;
    white-space:nowrap;vertical-align:.1em}
    nav{position:sticky;top:0;z-index:5;background:var(--card);border-bottom:1px solid var(--line)}
    nav ul{list-style:none;margin:0;padding:.35rem 0;display:flex;flex-wrap:wrap;gap:0 1.1rem}
    nav a{display:inline-block;padding:.35rem 0;font-size:.92rem;text-decoration:none;color:var(--ink)}
    nav a:hover{color:var(--link);text-decoration:underline}
    section{padding:2.2rem 0 .6rem}
    section+section{border-top:1px solid var(--line)}
    h2{font:600 1.6rem/1.25 var(--display);margin:0 0 .4rem}
    h3{font:600 1.08rem/1.35 var(--text);margin:1.9rem 0 .4rem}
    .card h3,.note h3,.first{margin-top:0}
    h4{font:600 1rem/1.35 var(--text);margin:0 0 .2rem}
    p{margin:.4rem 0 .8rem;max-width:72ch}
    .say{font-size:1.08rem}
    .soft{color:var(--soft)}
    .note{background:var(--card);border-left:4px solid var(--base);padding:.7rem 1rem;margin:1rem 0;max-width:74ch}
    .note p{margin:.2rem 0}
    .note.warn{background:var(--warn);border-color:var(--warn-line)}
    .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:1px;
    background:var(--card);border:1px solid var(--line);margin:1.2rem 0}
    .facts div{box-shadow:0 0 0 1px var(--line);padding:.85rem 1rem}
    .facts dt{font-size:.86rem;color:var(--soft);line-height:1.35}
    .facts dd{margin:.15rem 0 0;font:400 1.55rem/1.2 var(--display);font-variant-numeric:lining-nums tabular-nums}
    .facts dd small{font:400 .82rem/1.3 var(--text);color:var(--soft);display:block;margin-top:.15rem}
    .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1.2rem;margin:1.2rem 0;
    align-items:start}
    .stack{display:grid;gap:1.2rem;min-width:0}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:1.2rem;margin:1.2rem 0}
    .card{background:var(--card);border:1px solid var(--line);padding:1rem 1.1rem}
    .card .big{font:400 1.5rem/1.2 var(--display)}
    .card ul{margin:.4rem 0 0;padding-left:1.1rem}
    figure.chart{margin:0;background:var(--card);border:1px solid var(--line);padding:1rem 1.1rem .7rem;min-width:0}
    .grid+figure.chart,figure.chart.wide{margin:1.2rem 0}
    figcaption strong{display:block;font-weight:600}
    figcaption span{display:block;color:var(--soft);font-size:.93rem;margin:.1rem 0 .7rem;max-width:60ch}
    svg{display:block;width:100%;height:auto;max-width:40rem;font:11px var(--text)}
    svg text{fill:var(--ink);font-variant-numeric:tabular-nums}
    svg .tick,svg .axis{fill:var(--soft);font-size:10.5px}
    svg .value{font-size:10.5px;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
    svg.spark{display:inline-block;width:6rem;vertical-align:middle}
    svg .rule{stroke:var(--grid)}
    svg .base{stroke:var(--base)}
    svg .chance{stroke:var(--base);stroke-dasharray:4 3;fill:none}
    svg .drop{stroke:var(--e4);stroke-dasharray:2 2}
    svg .join{stroke:var(--base)}
    svg .range{stroke:var(--e1);stroke-width:1.5}
    svg .line{fill:none;stroke-width:2.2;stroke-linejoin:round}
    svg .sc1{stroke:var(--c1)}svg .sc2{stroke:var(--e4);stroke-dasharray:7 3}svg .sc4{stroke:var(--e4)}
    svg .mark{fill:var(--card);stroke:var(--e4);stroke-width:2}
    svg .bar,svg .dot{stroke-width:1}
    svg .c0{fill:var(--c0);stroke:var(--e0)}svg .c1{fill:var(--c1);stroke:var(--e1)}
    svg .c2{fill:var(--c2);stroke:var(--e2)}svg .c3{fill:var(--c3);stroke:var(--e3)}
    svg .c4{fill:var(--c4);stroke:var(--e4)}svg .up{fill:var(--up);stroke:var(--e1)}
    svg .down{fill:var(--down);stroke:var(--e3)}svg .sum{fill:var(--c0);stroke:var(--e0)}
    details{margin:.5rem 0}
    summary{cursor:pointer;color:var(--link);font-size:.9rem;padding:.25rem 0;min-height:1.5rem}
    .scroll{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:lining-nums tabular-nums}
    caption{text-align:left;font-weight:600;padding:.3rem 0}
    .list,.heat,dialog table{width:100%}
    th,td{text-align:left;vertical-align:baseline;padding:.42rem 1.5rem .42rem 0;border-bottom:1px solid var(--line)}
    th{font-weight:600}tbody th{font-weight:500}
    thead th{color:var(--soft);font-size:.86rem;vertical-align:bottom}
    .n{text-align:right}th.n,td.n{white-space:nowrap}thead th.n{white-space:normal}
    .heat td{text-align:center;padding:.42rem .5rem;border:1px solid var(--card)}
    .heat thead th{text-align:center}.heat thead th:first-child{text-align:left}
    .m1{background:var(--m1)}.m2{background:var(--m2)}.m3{background:var(--m3)}
    .p1{background:var(--p1)}.p2{background:var(--p2)}.p3{background:var(--p3)}
    .m1,.m2,.m3,.p1,.p2,.p3{color:var(--on-heat)}
    pre{background:var(--tint);padding:.7rem .9rem;overflow-x:auto;font-size:.86rem;margin:.5rem 0}
    code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.92em}
    .band{white-space:nowrap}
    .band::before{margin-right:.35em}
    .band.high::before{content:"▲" / "";color:var(--e4)}
    .band.raised::before{content:"◆" / "";color:var(--e3)}
    .band.low::before{content:"●" / "";color:var(--e2)}
    .call{font-weight:600}
    .tools{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,8.5rem),1fr));gap:.7rem 1rem;align-items:end;
    background:var(--tint);padding:.9rem 1rem;margin:1rem 0 .4rem}
    .tools label,.sliders label{display:block;font-size:.86rem;color:var(--soft)}
    .tools input,.tools select{width:100%}
    input,select,button{font:inherit;color:inherit}
    input[type=search],input[type=text],input[type=number],select{background:var(--card);border:1px solid var(--base);
    border-radius:3px;padding:.35rem .5rem;min-height:2.3rem}
    ::placeholder{color:var(--soft);opacity:1}
    input[type=range]{width:100%;accent-color:var(--c1);min-height:1.6rem}
    input[type=checkbox]{width:1.15rem;height:1.15rem;accent-color:var(--c1);vertical-align:-.2em}
    .tools .check{font-size:.86rem;color:var(--soft);min-height:2.3rem;display:flex;align-items:center;gap:.45rem}
    .tools .check input{width:1.15rem}
    button{background:var(--card);border:1px solid var(--base);border-radius:3px;padding:.35rem .8rem;min-height:2.3rem;
    cursor:pointer}
    button:disabled{opacity:.55;cursor:default}
    button.primary{background:var(--navy);color:var(--on-navy);border-color:var(--base)}
    .list thead button,.list tbody button{border:0;background:none;padding:0;min-height:1.6rem;text-align:inherit;
    font-weight:inherit}
    .list thead button{color:var(--soft);font-size:1em;text-decoration:underline dotted;text-underline-offset:.25em}
    .list thead [aria-sort] button::after{content:" ⇅" / "";opacity:.55}
    .list thead [aria-sort=ascending] button::after{content:" ▲" / "";opacity:1}
    .list thead [aria-sort=descending] button::after{content:" ▼" / "";opacity:1}
    .list tbody button{color:var(--link);text-decoration:underline;text-underline-offset:.15em}
    .list tbody tr:hover{background:var(--tint)}
    .list tr.act{background:linear-gradient(90deg,var(--c1) 0 4px,transparent 4px)}
    .list th,.list td{padding-right:.8rem}.list td:first-child{padding-left:.8rem}.list th:first-child{padding-left:.8rem}
    .list .why{max-width:22rem}
    .list td small{display:block;font-size:.82rem;color:var(--soft);white-space:nowrap}
    .status{color:var(--soft);font-size:.92rem;margin:.5rem 0}
    .pages{display:flex;gap:.7rem;align-items:center;flex-wrap:wrap;margin:.8rem 0 1.4rem}
    .sliders{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,13rem),1fr));gap:.9rem 1.6rem;margin:.8rem 0}
    .sliders output{color:var(--ink);font-weight:600}
    dialog{border:1px solid var(--base);border-radius:4px;background:var(--card);color:var(--ink);width:min(40rem,94vw);
    max-height:92vh;padding:1.3rem 1.4rem;overflow-y:auto}
    dialog::backdrop{background:rgb(8 16 24/.55)}
    dialog h2{margin:0 2.6rem .2rem 0;overflow-wrap:anywhere}
    dialog .close{float:right;margin:0 0 .5rem .5rem}
    dialog table{margin:.5rem 0}
    footer{border-top:1px solid var(--line);padding:1.3rem 0 2.6rem;color:var(--soft);font-size:.9rem;margin-top:2rem}
    @media screen and (max-width:46rem){
    svg{font-size:12px;overflow:visible}svg .tick,svg .axis,svg .value{font-size:11.5px}
    nav{position:static}.top{padding:1.5rem 0}.facts dd{font-size:1.25rem}h2{font-size:1.4rem}html{scroll-padding-top:.5rem}
    .wrap{padding:0 1rem}figure.chart{padding:.8rem .8rem .5rem}
    .list thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .list,.list tbody,.list tr,.list td,.list th{display:block;border:0}
    .list tbody tr{border:1px solid var(--line);background:var(--card);margin:0 0 .7rem;padding:.6rem .8rem}
    .list tbody tr.act{background:linear-gradient(90deg,var(--c1) 0 4px,var(--card) 4px)}
    .list tbody th,.list tbody td{padding:.12rem 0!important;text-align:left;white-space:normal;max-width:none}
    .list tbody td::before{content:attr(data-label) ": ";color:var(--soft);font-size:.86rem}
    .list tbody td.band::before{content:attr(data-label) ": ";color:var(--soft);margin:0}
    .scroll td:not(.n){min-width:8rem}svg{font-size:12px;overflow:visible}svg .tick,svg .axis,svg .value{font-size:11.5px}
    .list tbody tr{display:grid;grid-template-columns:1fr 1fr;gap:0 .8rem}
    .list tbody th{font-size:1.05rem;font-weight:600;order:-2}
    .list tbody td:first-child{order:-1;align-self:center}
    .list tbody .why{grid-column:1/-1}
    .list tbody td.call::before{font-weight:400}}
    @media (min-width:46.01rem){.narrow{display:none}}
    @media (forced-colors:active){:root{--c0:GrayText;--e0:CanvasText;--c1:Highlight;--e1:CanvasText;--c2:Canvas;
    --e2:CanvasText;--c3:Mark;--e3:CanvasText;--c4:LinkText;--e4:CanvasText;--ink:CanvasText;--soft:CanvasText;
    --grid:GrayText;--base:CanvasText;--card:Canvas;--up:Highlight;--down:Mark}}
    @media print{:root{color-scheme:light}
    @page{margin:16mm 14mm}
    body{background:#fff;font-size:10pt}
    nav,.tools,.pages,.skip,.only-script,dialog,summary{display:none!important}
    .top{background:none;color:inherit;padding:0 0 6pt;border-bottom:2pt solid var(--navy)}
    .wrap{max-width:none;padding:0}
    section{padding:10pt 0 0}h2,h3,h4{break-after:avoid}
    figure.chart,.card,.note,tr,.facts{break-inside:avoid}
    .grid{grid-template-columns:1fr 1fr}.cards{grid-template-columns:1fr 1fr 1fr}
    figcaption span,.say,.soft,p{font-size:9.5pt}table,.list thead button{font-size:8.5pt}th,td{padding:2pt 8pt 2pt 0}
    .list thead button,.list tbody button{text-decoration:none;color:inherit;min-height:0}
    .list thead [aria-sort] button::after{content:none!important}.facts dd{font-size:14pt}.facts{grid-template-columns:repeat(3,1fr)}
    .scroll{overflow:visible}thead{display:table-header-group}a{color:inherit;text-decoration:none}}
    """#
}
