//! A chart repository, or a registry, for scenarios: serves one folder on a fixed local port for as long as it lives.
//!
//! Beside a file `X` may lie `X.headers`: fields of the head, and `Status: 403 Forbidden`.
//!
//! The port is fixed because recorded answers contain it. So only one server lives at a time: a mutex keeps the threads of this
//! process apart, and a server that finds the port taken by another process waits for it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The port it listens on.
pub const PORT: u16 = 18879;

/// A running server; dropping it stops it.
pub struct Server {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    _alone: MutexGuard<'static, ()>,
}

impl Server {
    pub fn start(folder: PathBuf) -> Result<Server, String> {
        static ALONE: Mutex<()> = Mutex::new(());
        // What a scenario that panicked left behind is only the lock itself.
        let alone = ALONE
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let deadline = Instant::now() + Duration::from_secs(120);
        let listener = loop {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)) {
                Ok(listener) => break listener,
                Err(_) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(50))
                }
                Err(error) => return Err(format!("port {PORT}: {error}")),
            }
        };
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let folder = folder.clone();
                // A client that hangs up early is no concern of the server.
                std::thread::spawn(move || answer(&stream, &folder).ok());
            }
        });
        Ok(Server {
            stop,
            thread: Some(thread),
            _alone: alone,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, PORT));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or("/"));
    let path = target.split(['?', '#']).next().unwrap_or(target);
    let inside = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."));
    let file = inside.fold(folder.to_owned(), |path, part| path.join(part));
    let mut fields = String::new();
    // helm repeats the reason in its message.
    let (mut status, body) = match fs::read(&file) {
        _ if !matches!(method, "GET" | "HEAD") => ("405 Method Not Allowed".into(), Vec::new()),
        Ok(body) if !path.ends_with('/') => ("200 OK".to_owned(), body),
        _ => ("404 File not found".into(), b"File not found\n".to_vec()),
    };
    // What a registry says beside the content.
    let beside = format!("{}.headers", file.display());
    for line in fs::read_to_string(beside).unwrap_or_default().lines() {
        match line.strip_prefix("Status: ") {
            Some(other) => other.clone_into(&mut status),
            None => fields += &format!("{line}\r\n"),
        }
    }
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.0 {status}\r\nConnection: close\r\n{fields}Content-Length: {}\r\n\r\n",
        body.len()
    )?;
    match method {
        "HEAD" => Ok(()),
        _ => stream.write_all(&body),
    }
}
