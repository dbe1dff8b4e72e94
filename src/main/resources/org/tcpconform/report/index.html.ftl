<#ftl output_format="HTML">
<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="utf-8">
    <meta name="generator" content="tcpconform, with Allure ${allureVersion}">
    <title>${reportName}</title>
    <link rel="icon" href="${faviconUrl}">
    <#list stylesUrls as url>
    <link rel="stylesheet" href="${url}">
    </#list>
    <style>
        /* the finding is what one comes for, so it is never folded away */
        .status-details .status-details__trace { display: block; float: none; white-space: pre-wrap; }
        .step__name { font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }
    </style>
</head>
<body>
    <div id="alert"></div>
    <div id="content"><span class="spinner"><span class="spinner__circle"></span></span></div>
    <div id="popup"></div>
    <#list jsUrls as url>
    <script src="${url}"></script>
    </#list>
    <script>
        window.reportData = {};
        window.reportDataReady = false;
        function d(name, value) { window.reportData[name] = value; }
    </script>
    <script>
    <#list reportDataFiles as name, value>
d('${name?js_string?no_esc}','${value?no_esc}');
    </#list>
        window.reportDataReady = true;
    </script>
</body>
</html>
