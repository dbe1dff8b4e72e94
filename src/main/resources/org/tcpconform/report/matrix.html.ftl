<#-- Well-formed as XML too, so that it can be checked by any parser. -->
<#include "macros.ftl">
<#macro cells row><#list row.cells as c><#if c??><td class="${letters[c.outcome]}<#if c.expected> k</#if>">${letters[c.outcome]}</td><#else><td class="M">·</td></#if></#list></#macro>
<#macro rows kind list>
<table class="grid" id="${kind}" role="grid"<#if kind == 'cases'> hidden="hidden"</#if>>
<colgroup><col class="g-id"/><col class="g-level"/><col class="g-text"/><#list targets as t><col class="g-cell"/></#list></colgroup>
<thead><tr><th scope="col">${(kind == 'cases')?then('Case', 'Requirement')}</th><th scope="col" class="lv">Level</th><th scope="col" class="tx">${(kind == 'cases')?then('What the target does if it keeps the rule', 'Text')}</th><#list targets as t><th scope="col" class="t"><span>${t.name}</span></th></#list></tr></thead>
<#list list as r><#if groups[kind][r?index?c]??><#if r?index gt 0></tbody>
</#if><tbody><tr class="group"><th scope="rowgroup" colspan="${3 + targets?size}">${groups[kind][r?index?c]}</th></tr>
</#if><tr data-p="${packetOf[r.id]}" data-r="${r.rfc}" data-l="${r.level?replace(' NOT', '')}"<#if r.differs> data-d="1"</#if><#if kind == 'cases'> data-q="${r.related?join(' ')}"</#if>><th scope="row">${r.id}</th><td class="lv">${r.level}</td><td class="tx">${r.text}</td><@cells r/></tr>
</#list><#if list?size gt 0></tbody></#if>
</table>
</#macro>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; script-src 'sha256-${scriptHash}'; img-src data:"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="generator" content="${tool.name} ${tool.version}"/>
<meta name="color-scheme" content="light dark"/>
<title>State of TCP conformance, ${made[0..9]}</title>
<style>${style?no_esc}</style>
</head>
<body>
<@patterns/>
<header>
<p class="kind">tcpconform</p>
<h1>State of TCP conformance</h1>
<p class="when">${targets?size} <#if targets?size == 1>target<#else>targets</#if>, ${requirements?size} requirements, ${cases?size} cases · made ${made[0..9]} by ${tool.name} ${tool.version}<#if tool.commit?has_content> (${tool.commit})</#if></p>
<p>What TCP implementations were seen to do on the wire, beside what RFC 9293 and its relatives demand. Each figure says how many requirements a target kept of
those that were judged; of requirements that nothing judged it says nothing.</p>
<div class="scroll">
<table class="shares" id="targets">
<thead><tr><th scope="col">Target</th><#list meanings.levels as label, meaning><#if !options?seq_contains(label)><th scope="col" title="${meaning}"><@level label/></th></#if></#list><th scope="col">Cases</th></tr></thead>
<tbody><#list targets as t><tr data-target="${t.name}"><th scope="row">${t.name}<#if t.description?has_content><span class="about">${t.description}</span></#if><span class="about">suite ${t.suite}, ${t.started[0..9]}, ${t.tool.name} ${t.tool.version!}<#if t.profile??>, rule set ${t.profile}</#if> · <a href="${t.folder}/compliance.html">report</a></span><#if t.aborted??><span class="about warning">ended early: ${t.aborted}</span></#if></th><#list meanings.levels as label, meaning><#if !options?seq_contains(label)><td><#if shares[t?index][label]??><#assign s = shares[t?index][label]><span class="share" data-level="${label}" data-passed="${s.passed}" data-judged="${s.judged}"><#if s.judged gt 0><b>${(s.passed * 100 / s.judged)?floor} %</b> ${s.passed} of ${s.judged}<#else>not judged</#if></span><@bar tally=s.known width=150/><#else><span class="share">not judged</span></#if></td></#if></#list><td class="verdicts"><#list t.verdicts as verdict, n><#if n gt 0><span class="tally"><b class="${letters[verdict]}">${letters[verdict]}</b> ${n}</span> </#if></#list></td></tr>
</#list></tbody></table>
</div>
<details class="meanings"><summary>What the words and letters mean</summary>
<div class="columns">
<table class="words"><caption>Outcome of a requirement</caption><tbody>
<#list meanings.outcomes as outcome, meaning><tr><th scope="row"><span class="sample ${letters[outcome]}">${letters[outcome]}</span> ${words[outcome].word}</th><td>${meaning}</td></tr>
</#list></tbody></table>
<table class="words"><caption>Verdict of a case</caption><tbody>
<#list meanings.verdicts as verdict, meaning><tr><th scope="row"><span class="sample ${letters[verdict]}">${letters[verdict]}</span> ${verdictWords[verdict]}</th><td>${meaning}</td></tr>
</#list><tr><th scope="row"><span class="sample M">·</span> not run</th><td>The run of this target does not have the case.</td></tr>
<tr><th scope="row"><span class="sample F k">F</span> known</th><td>A line below the letter: a reason for it is on record. A known deviation is one all the same.</td></tr></tbody></table>
<table class="words"><caption>How much a requirement binds</caption><tbody>
<#list meanings.levels as label, meaning><tr><th scope="row"><@level label/></th><td>${meaning}</td></tr>
</#list></tbody></table>
</div></details>
</header>

<form id="filter" hidden="hidden" aria-label="Which rows are shown">
<fieldset><legend>Rows</legend><label><input type="radio" name="rows" value="requirements" checked="checked"/> requirements</label> <label><input type="radio" name="rows" value="cases"/> cases</label></fieldset>
<label>RFC <select name="rfc"><option value="">all</option><#list rfcs as rfc><option value="${rfc}">${rfc}</option></#list></select></label>
<label>Level <select name="level"><option value="">all</option><#list meanings.levels as label, meaning><option value="${label}">${label}</option></#list></select></label>
<label>Outcome <select name="outcome"><option value="">all</option><#list words as outcome, w><option value="${w.letter}">${w.word}</option></#list><option value="E">error</option></select></label>
<label>of <select name="of"><option value="">any target</option><#list targets as t><option value="${t?index}">${t.name}</option></#list></select></label>
<label><input type="checkbox" name="differs" value="1"/> targets differ</label>
<label>Text <input type="search" name="text" placeholder="words or an id"/></label>
<button type="reset">Show all</button>
<output id="shown"></output>
</form>
<main>
<@rows kind="requirements" list=requirements/>
<@rows kind="cases" list=cases/>
<noscript><p>Without scripts only the requirements are shown, and cells do not open; all is in the JSON and CSV files beside this page.</p></noscript>
</main>
<dialog id="open" aria-labelledby="open-title">
<div class="bar-top"><button type="button" id="up" title="row above">↑</button> <button type="button" id="down" title="row below">↓</button> <button type="button" id="close" autofocus="autofocus">Close</button></div>
<h2 id="open-title"></h2>
<p id="open-text"></p>
<p id="open-related"></p>
<div id="open-targets"></div>
<div id="open-cases"></div>
</dialog>
<footer><p>Letters open: finding, ladder and capture of each target beside each other. Arrow keys move between letters, Enter opens, Escape closes. What is
printed is what the filter shows. Captures and full reports are links into the results folders, which have to lie where they lay when this page was made.</p></footer>
<ul hidden="hidden" id="folders"><#list targets as t><li data-folder="${t.folder}">${t.name}</li></#list></ul>
<#list packets as packet><script type="text/plain" class="packet">${packet}</script>
</#list>
<script>${script?no_esc}</script>
</body>
</html>
