//! The table: what is in it, what is to be reached, and how it is printed.

use crate::Result;
use crate::program::{Client, Scheme};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A row, with a figure for plain http and one for TLS.
pub struct Row {
    /// Its name in `results.json` and in `limits`.
    pub key: &'static str,
    label: &'static str,
    /// What one unit of the printed figure stands for.
    unit: f64,
    decimals: usize,
    goals: [Option<f64>; 2],
    more_is_better: bool,
}

const fn row(key: &'static str, label: &'static str, unit: f64, decimals: usize) -> Row {
    Row { key, label, unit, decimals, goals: [None; 2], more_is_better: false }
}

impl Row {
    const fn goals(self, plain: f64, tls: f64) -> Self {
        Row { goals: [Some(plain), Some(tls)], ..self }
    }

    const fn goal_for_plain(self, plain: f64) -> Self {
        Row { goals: [Some(plain), None], ..self }
    }

    const fn goal_for_tls(self, tls: f64) -> Self {
        Row { goals: [None, Some(tls)], ..self }
    }

    const fn more_is_better(self) -> Self {
        Row { more_is_better: true, ..self }
    }

    fn is_reached(&self, value: f64, goal: f64) -> bool {
        if self.more_is_better { value >= goal } else { value <= goal }
    }

    fn format(&self, value: f64) -> String {
        with_separators(value / self.unit, self.decimals)
    }
}

/// Every row, in the table's order.
pub const ROWS: &[Row] = &[
    row("instructions", "instructions", 1.0, 0).goals(24_000.0, 32_000.0),
    row("system_calls", "system calls", 1.0, 1).goals(3.0, 3.0),
    row("allocations", "allocations", 1.0, 1).goals(16.0, 18.0),
    row("allocated_bytes", "bytes allocated", 1.0, 0),
    row("sent_bytes", "bytes sent", 1.0, 0),
    row("received_bytes", "bytes received", 1.0, 0),
    row("wall_ratio", "wall time, of libcurl's", 1.0, 2).goals(0.5, 0.5),
    row("cpu_ratio", "CPU time, of libcurl's", 1.0, 2).goals(0.4, 0.4),
    row("wall", "wall time, µs", 1e3, 1),
    row("cpu", "CPU time, µs", 1e3, 1),
    row("library_bytes", "shared library and what it brings beyond libc, MB", 1e6, 2).goal_for_plain(1.6e6),
    row("cold_instructions", "program with one call, million instructions", 1e6, 2).goal_for_tls(3.0e6),
    row("cold_wall", "program with one call, ms", 1e6, 1),
    row("peak_memory", "peak memory, MB", 1e6, 1).goals(3.0e6, 3.8e6),
    row("calls_1", "thousand calls a second, 1 thread", 1e3, 1),
    row("calls_2", "thousand calls a second, 2 threads", 1e3, 1),
    row("calls_4", "thousand calls a second, 4 threads", 1e3, 1),
    row("calls_8", "thousand calls a second, 8 threads", 1e3, 1),
    row("calls_ratio_1", "calls a second, of libcurl's, 1 thread", 1.0, 2),
    row("calls_ratio_2", "calls a second, of libcurl's, 2 threads", 1.0, 2),
    row("calls_ratio_4", "calls a second, of libcurl's, 4 threads", 1.0, 2),
    row("calls_ratio_8", "calls a second, of libcurl's, 8 threads", 1.0, 2).goals(1.5, 1.5).more_is_better(),
];

/// A measured value, with half of the distance between its quartiles where it was measured several times.
#[derive(Clone, Copy)]
pub struct Figure {
    pub value: f64,
    pub spread: Option<f64>,
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Figure { value, spread: None }
    }
}

/// All figures.
#[derive(Default)]
pub struct Table(BTreeMap<(&'static str, Client, Scheme), Figure>);

impl Table {
    /// # Panics
    /// Where there is no such row.
    pub fn set(&mut self, key: &str, client: Client, scheme: Scheme, figure: impl Into<Figure>) {
        let row = ROWS.iter().find(|row| row.key == key).expect("a row of the table");
        self.0.insert((row.key, client, scheme), figure.into());
    }

    pub fn get(&self, key: &'static str, client: Client, scheme: Scheme) -> Option<Figure> {
        self.0.get(&(key, client, scheme)).copied()
    }

    /// The table in Markdown. What has reached its goal is bold.
    pub fn markdown(&self) -> String {
        let mut text = "| per call: plain / TLS |".to_owned();
        for client in Client::ALL {
            write!(text, " {client} |").expect("a string");
        }
        write!(text, " to reach |\n|---|{}---:|\n", "---:|".repeat(Client::ALL.len())).expect("a string");
        for row in ROWS.iter().filter(|row| self.0.keys().any(|(key, ..)| *key == row.key)) {
            write!(text, "| {} |", row.label).expect("a string");
            for client in Client::ALL {
                let figures = Scheme::BOTH.map(|scheme| self.get(row.key, client, scheme));
                let goals = if client == Client::Ours { row.goals } else { [None; 2] };
                let cells =
                    figures.iter().zip(goals).map(|(figure, goal)| figure.map(|figure| cell(row, figure, goal)));
                write!(text, " {} |", pair(cells)).expect("a string");
            }
            let goals = row.goals.into_iter().map(|goal| goal.map(|goal| row.format(goal)));
            writeln!(text, " {} |", pair(goals)).expect("a string");
        }
        text
    }

    /// What has not been reached, one line each.
    pub fn remains(&self) -> String {
        let mut text = String::new();
        for row in ROWS {
            for (scheme, goal) in Scheme::BOTH.into_iter().zip(row.goals) {
                let Some((figure, goal)) = self.get(row.key, Client::Ours, scheme).zip(goal) else { continue };
                if !row.is_reached(figure.value, goal) {
                    let (value, left) = (row.format(figure.value), row.format((figure.value - goal).abs()));
                    let goal = row.format(goal);
                    let both = self.get(row.key, Client::Ours, Scheme::Tls).is_some();
                    let of = if both { format!(", {scheme}") } else { String::new() };
                    writeln!(text, "- {}{of}: {value}, to reach {goal}, {left} to go", row.label).expect("a string");
                }
            }
        }
        if text.is_empty() { "Nothing: every goal is reached.\n".to_owned() } else { text }
    }

    /// By row, client and scheme.
    pub fn json(&self) -> Value {
        let mut rows = Map::new();
        for ((key, client, scheme), figure) in &self.0 {
            let row = rows.entry(*key).or_insert_with(|| json!({}));
            row[client.to_string()][scheme.to_string()] = match figure.spread {
                None => json!(figure.value),
                Some(spread) => json!({"median": figure.value, "spread": spread}),
            };
        }
        Value::Object(rows)
    }
}

fn cell(row: &Row, figure: Figure, goal: Option<f64>) -> String {
    let mut text = row.format(figure.value);
    if goal.is_some_and(|goal| row.is_reached(figure.value, goal)) {
        text = format!("**{text}**");
    }
    if let Some(spread) = figure.spread.filter(|spread| *spread > 0.0) {
        write!(text, " ±{}", row.format(spread)).expect("a string");
    }
    text
}

/// Both figures of a cell, or the one that counts for both.
fn pair(mut cells: impl Iterator<Item = Option<String>>) -> String {
    match (cells.next().flatten(), cells.next().flatten()) {
        (Some(plain), Some(tls)) => format!("{plain} / {tls}"),
        (None, Some(tls)) => format!("– / {tls}"),
        (plain, None) => plain.unwrap_or_default(),
    }
}

/// 12345.6 with no decimals is 12,346.
pub fn with_separators(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let whole = text.find('.').unwrap_or(text.len());
    let mut separated = String::new();
    for (position, digit) in text.char_indices() {
        if position > 0 && position < whole && (whole - position) % 3 == 0 && !separated.ends_with('-') {
            separated.push(',');
        }
        separated.push(digit);
    }
    separated
}

/// The middle of some values, and half of the distance between their quartiles.
///
/// # Errors
/// Where there are none.
pub fn median(mut values: Vec<f64>) -> Result<Figure> {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let position = share * (values.len().checked_sub(1)? as f64);
        let (below, above) = (values.get(position.floor() as usize)?, values.get(position.ceil() as usize)?);
        Some(below + (above - below) * position.fract())
    };
    let figure = |()| Some(Figure { value: at(0.5)?, spread: Some((at(0.75)? - at(0.25)?) / 2.0) });
    figure(()).ok_or_else(|| "nothing was measured".into())
}
