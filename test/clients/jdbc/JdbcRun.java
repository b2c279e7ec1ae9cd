import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Runs a script of JDBC calls through the real Flink JDBC driver and prints what came back, the same text on every run.
 *
 * <p>Usage: {@code java -cp <driver bundle> JdbcRun.java <jdbc url> <script>}. The actions are described in test/clients/README.md.
 * Exits 1 if an action failed that was not expected to, or an expectation did not hold.
 */
public final class JdbcRun {
    private final String url;
    private final Properties properties = new Properties();
    private Connection connection;
    private StringBuilder lastOutput = new StringBuilder();
    private int failures;

    private JdbcRun(String url) {
        this.url = url;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: JdbcRun <jdbc url> <script>");
            System.exit(2);
        }
        JdbcRun run = new JdbcRun(args[0]);
        for (String line : readActions(Path.of(args[1]))) {
            run.step(line);
        }
        run.closeQuietly();
        System.out.println(run.failures == 0 ? "OK" : run.failures + " action(s) failed");
        System.exit(run.failures == 0 ? 0 : 1);
    }

    /** One action a line; a line that ends in a backslash goes on in the next; # starts a comment line. */
    private static List<String> readActions(Path script) throws IOException {
        List<String> actions = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        for (String line : Files.readAllLines(script)) {
            if (pending.isEmpty() && (line.isBlank() || line.startsWith("#"))) {
                continue;
            }
            if (line.endsWith("\\")) {
                pending.append(line, 0, line.length() - 1).append('\n');
                continue;
            }
            actions.add(pending.append(line).toString());
            pending.setLength(0);
        }
        return actions;
    }

    private void step(String line) {
        Action action = Action.parse(line);
        if (action.name().equals("expect")) {
            if (lastOutput.indexOf(action.rest()) < 0) {
                fail("expected to see: " + action.rest());
            }
            return;
        }
        boolean shouldFail = action.name().equals("fails");
        String expectedText = null;
        if (shouldFail) {
            String[] parts = (" " + action.rest()).split(" :: ", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException("fails needs a text and ' :: ': " + line);
            }
            expectedText = parts[0].strip();
            action = Action.parse(parts[1]);
        }
        lastOutput = new StringBuilder();
        print("> " + line);
        try {
            perform(action);
            if (shouldFail) {
                fail("expected an error with: " + expectedText);
            }
        } catch (UnknownAction e) {
            fail("unknown action or call: " + e.getMessage());
        } catch (Exception | Error e) {
            String message = rootMessage(e);
            print("  error " + e.getClass().getName() + ": " + firstLine(message));
            if (!shouldFail) {
                fail("unexpected error");
                if (System.getenv("SLUICE_TRACE") != null) {
                    e.printStackTrace();
                }
            } else if (!message.contains(expectedText)) {
                fail("expected an error with: " + expectedText);
            }
        }
    }

    private void perform(Action action) throws SQLException {
        String rest = action.rest();
        switch (action.name()) {
            case "property" -> properties.put(Action.parse(rest).name(), Action.parse(rest).rest());
            case "connect" -> connect(rest);
            case "query" -> {
                try (Statement statement = connection().createStatement(); ResultSet rows = statement.executeQuery(rest)) {
                    printRows(rows, Long.MAX_VALUE);
                }
            }
            case "head" -> {
                Action counted = Action.parse(rest);
                try (Statement statement = connection().createStatement(); ResultSet rows = statement.executeQuery(counted.rest())) {
                    printRows(rows, Long.parseLong(counted.name()));
                }
            }
            case "count" -> {
                try (Statement statement = connection().createStatement(); ResultSet rows = statement.executeQuery(rest)) {
                    countRows(rows);
                }
            }
            case "until" -> until(Action.parse(rest));
            case "execute" -> execute(rest);
            case "unsupported" -> callUnsupported(rest);
            case "catalog" -> print("  " + connection().getCatalog());
            case "schema" -> print("  " + connection().getSchema());
            case "set-catalog" -> connection().setCatalog(rest);
            case "set-schema" -> connection().setSchema(rest);
            case "catalogs" -> {
                try (ResultSet rows = connection().getMetaData().getCatalogs()) {
                    printRows(rows, Long.MAX_VALUE);
                }
            }
            case "schemas" -> {
                try (ResultSet rows = connection().getMetaData().getSchemas()) {
                    printRows(rows, Long.MAX_VALUE);
                }
            }
            case "metadata" -> print("  " + connection().getMetaData().getDatabaseProductName() + " / "
                    + connection().getMetaData().getDriverName());
            case "client-info" -> print("  " + rest + " = " + connection().getClientInfo(rest));
            case "all-client-info" -> print("  keys: " + new TreeMap<>(connection().getClientInfo()).size());
            case "set-client-info" -> connection().setClientInfo(Action.parse(rest).name(), Action.parse(rest).rest());
            case "close" -> {
                connection().close();
                print("  closed " + connection.isClosed());
                connection = null;
            }
            default -> throw new UnknownAction(action.name());
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connect("");
        }
        return connection;
    }

    private void connect(String suffix) throws SQLException {
        if (connection != null) {
            connection.close();
        }
        connection = DriverManager.getConnection(url + suffix, (Properties) properties.clone());
    }

    /** Repeats a query until its output holds the text: a refresh runs behind the statement that asked for it. */
    private void until(Action wanted) throws SQLException {
        long deadline = System.nanoTime() + 30_000_000_000L;
        String found;
        do {
            try (Statement statement = connection().createStatement(); ResultSet rows = statement.executeQuery(wanted.rest())) {
                found = allRows(rows);
            }
        } while (!found.contains(wanted.name()) && System.nanoTime() < deadline);
        print(found);
        if (!found.contains(wanted.name())) {
            fail("never saw " + wanted.name());
        }
    }

    private static String allRows(ResultSet rows) throws SQLException {
        StringBuilder text = new StringBuilder();
        while (rows.next()) {
            text.append(text.isEmpty() ? "  " : "\n  ").append(rowText(rows));
        }
        return text.toString();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            boolean hasRows = statement.execute(sql);
            print("  has rows: " + hasRows);
            if (hasRows) {
                printRows(statement.getResultSet(), Long.MAX_VALUE);
            } else {
                print("  update count: " + statement.getUpdateCount());
            }
        }
    }

    /** Calls that the driver refuses by itself, so that a change of its mind is noticed. */
    private void callUnsupported(String call) throws SQLException {
        switch (call) {
            case "prepareStatement" -> connection().prepareStatement("SELECT 1");
            case "isValid" -> print("  " + connection().isValid(1));
            case "getTables" -> connection().getMetaData().getTables(null, null, "%", null);
            case "getColumns" -> connection().getMetaData().getColumns(null, null, "%", "%");
            case "executeUpdate" -> {
                try (Statement statement = connection().createStatement()) {
                    statement.executeUpdate("SELECT 1");
                }
            }
            default -> throw new UnknownAction(call);
        }
    }

    private void printRows(ResultSet rows, long limit) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> header = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            header.add(meta.getColumnName(i) + " " + meta.getColumnTypeName(i));
        }
        print("  " + String.join(" | ", header));
        long count = 0;
        while (count < limit && rows.next()) {
            print("  " + rowText(rows));
            count++;
        }
        print("  (" + count + (count == limit ? " rows read, closing)" : " rows)"));
    }

    private void countRows(ResultSet rows) throws SQLException {
        long count = 0;
        String first = null;
        String last = null;
        while (rows.next()) {
            last = rowText(rows);
            first = first == null ? last : first;
            count++;
        }
        print("  " + count + " rows, first " + first + ", last " + last);
    }

    private static String rowText(ResultSet rows) throws SQLException {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            cells.add(cellText(rows, i));
        }
        return String.join(" | ", cells);
    }

    private static String cellText(ResultSet rows, int column) {
        try {
            Object value = rows.getObject(column);
            if (value instanceof byte[] bytes) {
                return "0x" + HexFormat.of().formatHex(bytes);
            }
            if (value instanceof Map<?, ?> map) {
                TreeMap<String, String> sorted = new TreeMap<>();
                map.forEach((key, item) -> sorted.put(String.valueOf(key), String.valueOf(item)));
                return sorted.toString();
            }
            return String.valueOf(value);
        } catch (SQLException | RuntimeException e) {
            return "<" + e.getClass().getSimpleName() + ": " + e.getMessage() + ">";
        }
    }

    /** The text a user of Flink's own clients sees: what follows the last "Caused by: ", up to the stack frames. */
    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = String.valueOf(root.getMessage());
        int cause = text.lastIndexOf("Caused by: ");
        if (cause >= 0) {
            text = text.substring(cause + "Caused by: ".length());
        }
        int frames = text.indexOf("\n\tat ");
        return (frames >= 0 ? text.substring(0, frames) : text).strip();
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end) + " …";
    }

    private void fail(String why) {
        failures++;
        print("  FAILED: " + why);
    }

    private void print(String text) {
        String stable = text
                .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>")
                .replaceAll("\\b[0-9a-f]{32}\\b", "<job>");
        lastOutput.append(stable).append('\n');
        System.out.println(stable);
    }

    private void closeQuietly() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            fail("close: " + rootMessage(e));
        }
    }

    private static final class UnknownAction extends RuntimeException {
        UnknownAction(String name) {
            super(name);
        }
    }

    private record Action(String name, String rest) {
        static Action parse(String line) {
            String[] parts = line.strip().split("\\s+", 2);
            return new Action(parts[0], parts.length == 2 ? parts[1] : "");
        }
    }
}
