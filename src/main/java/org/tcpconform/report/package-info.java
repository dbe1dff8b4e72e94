/** What people and machines read of a run: console, {@code results.json}, JUnit, ladders, plots and the Allure report. */
package org.tcpconform.report;
