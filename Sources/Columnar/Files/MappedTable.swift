import Glibc
package import Tabular

/// A table's file, mapped into memory: only the columns and rows that are read are ever brought in, so
/// the file may be larger than memory. The file must not be shortened while it is mapped; files of the
/// artifact store never are.
@safe package final class MappedTable: Sendable {
  private let path: String
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let layout: TableLayout

  /// Maps the file at `path` and reads what it holds.
  package init(path: String) throws(ColumnarError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw MappedTable.refused(path, "opened") }
    defer { close(descriptor) }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { throw MappedTable.refused(path, "looked at") }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw ColumnarError(.unreadable, "it is no file.", file: path)
    }
    let count = Int(facts.st_size)
    guard count > 0 else {
      throw ColumnarError(.foreign, "the file is empty, not an Arrow IPC file.", file: path)
    }
    guard let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe start != MAP_FAILED
    else { throw MappedTable.refused(path, "mapped") }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    do {
      layout = try TableLayout(unsafe bytes.bytes)
    } catch {
      unsafe munmap(start, count)
      throw error.of(path)
    }
    unsafe self.bytes = unsafe bytes
    self.path = path
  }

  deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

  /// Names, types and facts.
  package var schema: Schema { layout.schema }

  /// Rows of the table.
  package var rowCount: Int { layout.rowCount }

  /// Bytes of the file.
  package var byteCount: Int { layout.byteCount }

  /// The table, or some columns (in the order named) or rows of it, columns read on `threads` threads.
  package func table(
    columns: [String]? = nil, rows: Range<Int>? = nil, threads: Int = 1
  ) throws(ColumnarError) -> Table {
    do throws(ColumnarError) {
      return try layout.table(from: unsafe bytes.bytes, columns: columns, rows: rows, threads: threads)
    } catch {
      throw error.of(path)
    }
  }

  /// The rows named, in the order named, those outside the table let go; reads these rows and nothing else.
  package func rows(_ places: [Int]) throws(ColumnarError) -> Table {
    do throws(ColumnarError) { return try layout.rows(places, from: unsafe bytes.bytes) } catch {
      throw error.of(path)
    }
  }

  /// The first row whose text in column `name` is exactly `text`; `nil` where none is. `isAscending` says that
  /// the texts ascend bytewise.
  package func row(
    holding text: String, in name: String, isAscending: Bool = false
  ) throws(ColumnarError) -> Int? {
    do throws(ColumnarError) {
      return try layout.row(holding: text, in: name, isAscending: isAscending, from: unsafe bytes.bytes)
    } catch {
      throw error.of(path)
    }
  }

  /// Lends the texts of column `name` as they are stored, a batch at a time, without making a column of them: `body`
  /// gets how many rows there are, where each text begins in the third and, one more, where the last ends, in whole
  /// numbers of four bytes or, where told so, eight.
  package func lendTexts(
    in name: String, _ body: (Int, RawSpan, RawSpan, _ isWide: Bool) -> Void
  ) throws(ColumnarError) {
    do throws(ColumnarError) {
      try layout.lendTexts(in: name, from: unsafe bytes.bytes, body)
    } catch {
      throw error.of(path)
    }
  }

  /// Gives the memory back that what was read took: pages of the file are fetched again when they are read
  /// again. For tables read a column at a time that may be larger than memory.
  package func release() {
    unsafe madvise(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, MADV_DONTNEED)
  }

  private static func refused(_ path: String, _ what: String) -> ColumnarError {
    ColumnarError(.unreadable, "the file cannot be \(what): \(reason(errno)).", file: path)
  }
}

/// The operating system's words for an error number.
func reason(_ number: Int32) -> String {
  guard let text = unsafe strerror(number) else { return "error \(number)" }
  return unsafe String(cString: text)
}
